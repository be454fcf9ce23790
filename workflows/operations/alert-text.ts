import type { OperationFailed, OperationRecovered } from '../contracts/alerts.ts';
import { commandFor } from '../contracts/operations.ts';
import { utc } from '../runbook/format.ts';

/** A message to people. */
export interface AlertText {
  readonly subject: string;
  /** Paragraphs. */
  readonly lines: readonly string[];
}

/**
 * The mail of the procedure, section 7: time, error, actions; besides since when, and what it means.
 *
 * @param lastGood RFC 3339, UTC: when the operation last succeeded; null when that is not known
 */
export function failureText(failed: OperationFailed, lastGood: string | null): AlertText {
  if (failed.overdue !== undefined) return overdueText(failed, failed.overdue.command, lastGood);
  const { kind, title, failedAt, happened, meaning, workflowId, runId, failureSubject } = failed;
  const { environment, tier } = kind;
  return {
    subject: failureSubject,
    lines: [
      `${title} failed at ${toMinute(failedAt)}`,
      `Error: ${happened}`,
      `What failed: ${title}${tier === null ? '' : ` (${tier})`} in ${environment}, since ${utc(failedAt)}; last good run: ${utc(lastGood)}`,
      `What it means: ${meaning}`,
      'Action Required:',
      '1. Check Supabase status: https://status.supabase.com',
      '2. Verify network connectivity of the worker',
      '3. Retry manually:',
      `npx dr ${commandFor(kind)} --environment ${environment}`,
      `Run: ${workflowId}, ${runId}. This is told once; a mail follows when it works again.`,
    ],
  };
}

function overdueText(failed: OperationFailed, command: string, lastGood: string | null): AlertText {
  const { kind, title, failedAt, happened, meaning, workflowId, runId, failureSubject } = failed;
  const { environment } = kind;
  return {
    subject: failureSubject,
    lines: [
      `${title}: overdue since ${toMinute(failedAt)}`,
      `Found: ${happened}`,
      `What is overdue: ${title} in ${environment}, since ${utc(failedAt)}; last good run: ${utc(lastGood)}`,
      `What it means: ${meaning}`,
      'Action Required:',
      `npx dr ${command} --environment ${environment}`,
      `Run: ${workflowId}, ${runId}. This is told once; a mail follows when it was done.`,
    ],
  };
}

/** What is told when the operation succeeds again. */
export function recoveryText(failed: OperationFailed, { at, incident }: OperationRecovered): AlertText {
  const { kind, title, failedAt, overdue, recoverySubject } = failed;
  const times =
    incident === null ? '' : ` ${incident.failures === 1 ? 'once' : `${incident.failures} times`}`;
  return {
    subject: recoverySubject,
    lines: [
      `${title} ${overdue === undefined ? 'works again' : 'was done'} in ${kind.environment}, since ${utc(at)}.`,
      `It had ${overdue === undefined ? 'failed' : 'been found overdue'}${times} since ${utc(incident?.since ?? failedAt)}: ${incident?.lastFailure ?? failed.happened}`,
    ],
  };
}

function toMinute(moment: string): string {
  return utc(`${moment.slice(0, 16)}Z`);
}
