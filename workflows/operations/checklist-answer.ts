import type { ChecklistItem, ChecklistReport } from '../contracts/checklist.ts';
import type { OperationName, OperationRecord } from '../contracts/operations.ts';
import type { MonitorFacts } from '../contracts/readiness-facts.ts';
import { plural } from '../runbook/format.ts';
import type { AnsweringRuns, ChecklistQuestion } from './checklist-items.ts';
import { type MonitorStanding, monitorStanding } from './monitor-standing.ts';
import type { Fact } from './readiness/facts.ts';

/** What is there to answer a checklist by. */
export interface ChecklistEvidenceFound extends RunsFound {
  readonly monitor: Fact<MonitorFacts | null>;
}

/** What operations left behind. */
export interface RunsFound {
  readonly records: ReadonlyMap<OperationName, readonly OperationRecord[]>;
  readonly incidents: ChecklistReport['incidents'];
}

/** Answers one item by what was left behind. */
export function answerQuestion(
  question: ChecklistQuestion,
  evidence: ChecklistEvidenceFound,
  nowMs: number,
): ChecklistItem {
  const { answeredBy, period, item, maxAgeMs, command } = question;
  const answer =
    answeredBy === 'monitor'
      ? byMonitor(evidence.monitor, nowMs)
      : byRuns(answeredBy, evidence, maxAgeMs, nowMs);
  return { period, item, maxAgeMs, command, ...answer };
}

/** How an item stands. */
export type ChecklistAnswer = Pick<ChecklistItem, 'state' | 'found' | 'evidence'>;

/** A silence is somebody's decision, and an incident is what the monitor is for: both are said, and it watches. */
function byMonitor(monitor: Fact<MonitorFacts | null>, nowMs: number): ChecklistAnswer {
  if (!monitor.known) return { state: 'failed', found: monitor.why, evidence: null };
  const { state, found } = monitorStanding(monitor.value, nowMs);
  const states = {
    looks: 'done',
    silenced: 'done',
    incident: 'done',
    blind: 'failed',
    absent: 'overdue',
  } as const satisfies Record<MonitorStanding['state'], ChecklistAnswer['state']>;
  return { state: states[state], found, evidence: null };
}

/**
 * Answers by the newest run that counts: one that stood back for a recovery does not.
 *
 * @param maxAgeMs how old it may be, ms
 * @param nowMs UTC, ms
 */
export function byRuns(
  answeredBy: AnsweringRuns,
  { records, incidents }: RunsFound,
  maxAgeMs: number | null,
  nowMs: number,
): ChecklistAnswer {
  const newest = records
    .get(answeredBy.operation)
    ?.find((record) => record.outcome !== 'stood-back' && (answeredBy.counts?.(record) ?? true));
  if (newest === undefined) return { state: 'overdue', found: 'never done', evidence: null };
  const { workflowId, runId, startedBy, finishedAt } = newest;
  const evidence = { workflowId, runId, startedBy, finishedAt };
  const problem =
    problemOf(newest, answeredBy) ??
    (answeredBy.withoutIncident && incidents.length > 0
      ? `failing now: ${incidents.map(({ operation }) => operation).join(', ')}`
      : null);
  if (problem !== null) return { state: 'failed', found: problem, evidence };
  const tooOld = maxAgeMs !== null && nowMs - Date.parse(finishedAt) > maxAgeMs;
  return { state: tooOld ? 'overdue' : 'done', found: foundBy(newest, answeredBy), evidence };
}

/** Why a record does not answer its item; null when it does. */
function problemOf(record: OperationRecord, { checks }: AnsweringRuns): string | null {
  const asked = checks === undefined ? record.checks : record.checks.filter(checks);
  const failed = asked.filter(({ passed, advisory }) => !passed && advisory !== true);
  const [first] = failed;
  if (first !== undefined) {
    const more = failed.length === 1 ? '' : ` (and ${failed.length - 1} more)`;
    return `${first.name}: found ${first.found}, expected ${first.expected}${more}`;
  }
  if (checks === undefined ? record.outcome === 'failed' : asked.length === 0) {
    return record.failure?.happened ?? 'the run did not look at it';
  }
  return null;
}

function foundBy(record: OperationRecord, { checks }: AnsweringRuns): string {
  if (checks === undefined) return record.summary;
  const asked = record.checks.filter(checks);
  const [only] = asked;
  return asked.length === 1 && only !== undefined
    ? `${only.found}, expected ${only.expected}`
    : `${plural(asked.length, 'check', 'checks')} passed`;
}
