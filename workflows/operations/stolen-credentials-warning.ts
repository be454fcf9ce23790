import { CancellationScope } from '@temporalio/workflow';
import type { PlanInput } from '../contracts/inputs.ts';
import type { Policy } from '../contracts/policy.ts';
import { activities } from '../runbook/activities.ts';
import { utc } from '../runbook/format.ts';
import { knowsOfStolen } from '../runbook/stolen-credentials.ts';

/** How long is looked for a breach, ms: where everything is gone, a start does not wait for who does not answer. */
const lookMs = 10_000;

/**
 * Says of a complete failure that is to leave credentials as they are why they may be stolen, as far as recoveries in
 * Temporal and the monitor's incident in the store tell. Nothing where neither answers.
 */
export async function warnOfStolenCredentials(
  { scenario, input }: PlanInput,
  { security }: Policy,
): Promise<readonly string[]> {
  if (scenario !== 'complete-failure' || knowsOfStolen(input) || security.credentials.length === 0) return [];
  const { environment } = input;
  const [breach, stored] = await Promise.all([
    within(() => activities.coordination.unfinishedBreach({ environment })),
    within(() => activities.incidents.readStoredWatch({ environment })),
  ]);
  const incident = stored?.incident ?? null;
  const signs = [
    ...(breach === null
      ? []
      : [
          `the recovery from a security breach of ${utc(breach.startedAt)} ${breach.goesOn ? 'goes on' : 'did not end as recovered'}`,
        ]),
    ...(incident?.scenario === 'security-breach'
      ? [`the monitor has an open incident, a security breach of ${utc(incident.incidentAt)}`]
      : []),
  ];
  return signs.length === 0
    ? []
    : [
        `Credentials may be stolen: ${signs.join('; ')}. This would start the application with them. To exchange them: --credentials-stolen`,
      ];
}

async function within<T>(look: () => Promise<T>): Promise<T | null> {
  return CancellationScope.withTimeout(lookMs, look).catch(() => null);
}
