import type { OperationInput, OperationRecord } from '../contracts/operations.ts';
import type { Policy } from '../contracts/policy.ts';
import { activities } from '../runbook/activities.ts';
import type { ExplainedFailure } from '../runbook/failure.ts';
import { utc } from '../runbook/format.ts';
import type { Operation } from './operation.ts';

/**
 * Tells by mail and webhook that an operation fails; once per incident, however often it fails until it succeeds. A mail
 * server that is down is tried for more than an hour. (procedure, section 7)
 */
export async function raiseAlert<Input extends OperationInput>(
  operation: Operation<Input>,
  record: OperationRecord,
  failure: ExplainedFailure,
  policy: Policy,
): Promise<void> {
  const { environment } = record;
  const open = await readIncident(operation, environment);
  const since = open?.since ?? record.finishedAt;
  if (open === null) {
    const subject = policy.backups.alertSubject;
    const lines = [
      `${operation.title} failed at ${utc(`${record.finishedAt.slice(0, 16)}Z`)} in ${environment}.`,
      `Error: ${failure.happened}`,
      `What it means: ${[...new Set([failure.meaning, operation.failureMeans])].join(' ')}`,
      'Action Required:',
      '1. Check Supabase status: https://status.supabase.com',
      '2. Verify network connectivity of the worker',
      `3. Retry manually: npx dr ${operation.retryCommand} --environment ${environment}`,
      `Run: ${record.workflowId}, ${record.runId}`,
    ];
    await tell(policy, subject, lines, `alert/${operation.name}/${environment}/${record.runId}`);
  }
  await activities.alerting
    .writeIncident({
      operation: operation.name,
      environment,
      since,
      failures: (open?.failures ?? 0) + 1,
      lastFailure: failure.happened,
    })
    .catch(() => undefined);
}

/** Tells that an operation works again, if it was said to fail. */
export async function withdrawAlert<Input extends OperationInput>(
  operation: Operation<Input>,
  environment: string,
  policy: Policy,
): Promise<void> {
  const open = await readIncident(operation, environment);
  if (open === null) return;
  const lines = [
    `${operation.title} works again in ${environment}.`,
    `It had failed ${open.failures} times since ${utc(open.since)}: ${open.lastFailure}`,
  ];
  const dedupeKey = `recovered/${operation.name}/${environment}/${open.since}`;
  await tell(policy, policy.backups.recoverySubject, lines, dedupeKey);
  await activities.alerting.clearIncident({ operation: operation.name, environment });
}

async function readIncident<Input extends OperationInput>(operation: Operation<Input>, environment: string) {
  // Without the store, an alert too many is better than none.
  return activities.alerting.readIncident({ operation: operation.name, environment }).catch(() => null);
}

async function tell(
  policy: Policy,
  subject: string,
  lines: readonly string[],
  dedupeKey: string,
): Promise<void> {
  const recipients = [policy.backups.alertAddress];
  const roads = await Promise.allSettled([
    activities.notification.mailTeam({ recipients, subject, lines, dedupeKey }),
    activities.webhook.postWebhook({ text: [subject, ...lines].join('\n') }),
  ]);
  const [mail] = roads;
  if (mail.status === 'rejected') throw mail.reason;
}
