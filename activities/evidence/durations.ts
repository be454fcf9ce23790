import type { ExpectedDuration } from '../../workflows/contracts/policy.ts';
import { listOperationRecords } from '../alerting/operation-records.ts';
import { newestKeys } from '../newest-keys.ts';
import type { ObjectStore } from '../ports.ts';
import { type MeasuredReport, readMeasuredReport, stepTook } from './step-durations.ts';

/** How many of the last measurements count: enough to tell a usual one, few enough to follow a database that grows. */
const lastCount = 10;

/**
 * How many of the last reports are read. More than count, since a scenario that happens often must not push out the
 * steps of those that do not.
 */
const lastReports = 30;

/** The operations that measure restores. */
const measuring = ['restore-test', 'full-test'] as const;

const reportEnding = '/report.json';

/** How long things took here lately; null for a road that nobody has measured. */
export interface MeasuredDurations {
  /** By the provider, to a point in time, in place: from the reports of recoveries. */
  readonly restore: ExpectedDuration | null;
  /** From a backup of ours: from restore tests. */
  readonly restoreOwnBackup: ExpectedDuration | null;
  /** Each step that was done, by its id, without waits for people: from the reports of recoveries. */
  readonly steps: Readonly<Record<string, ExpectedDuration>>;
}

/**
 * Reads what the last restores and steps of an environment took, from the evidence that they left. A drill recovers by
 * the same runbook and leaves the same report, so it counts as a recovery.
 *
 * @throws DrError `input-invalid`, `store-unavailable` (retried) or `store-refused`
 */
export async function measuredDurations(store: ObjectStore, environment: string): Promise<MeasuredDurations> {
  const [tests, reports] = await Promise.all([
    ofRestoreTests(store, environment),
    lastRecoveries(store, environment),
  ]);
  return {
    restore: toExpect(
      reports.flatMap(({ restoreMs }) => restoreMs ?? []),
      'recoveries',
    ),
    restoreOwnBackup: toExpect(tests, 'restore tests'),
    steps: ofSteps(reports),
  };
}

async function ofRestoreTests(store: ObjectStore, environment: string): Promise<number[]> {
  const records = await Promise.all(
    measuring.map((operation) => listOperationRecords(store, { environment, operation, limit: lastCount })),
  );
  return records
    .flat()
    .sort((a, b) => b.startedAt.localeCompare(a.startedAt))
    .flatMap(({ restores }) => restores.map(({ ms }) => ms));
}

/** Newest first: keys begin with the start of the recovery. One that cannot be read is left out. */
async function lastRecoveries(store: ObjectStore, environment: string): Promise<MeasuredReport[]> {
  const keys = (await newestKeys(store, `recoveries/${environment}/`, reportEnding)).slice(0, lastReports);
  const texts = await Promise.all(keys.map((key) => store.getText(key)));
  return texts.flatMap((text) => readMeasuredReport(text) ?? []);
}

function ofSteps(reports: readonly MeasuredReport[]): Record<string, ExpectedDuration> {
  const took = new Map<string, number[]>();
  for (const step of reports.flatMap(({ steps }) => steps)) {
    const ms = stepTook(step);
    if (ms !== null) took.set(step.id, [...(took.get(step.id) ?? []), ms]);
  }
  return Object.fromEntries(
    [...took].flatMap(([id, ms]) => {
      const expected = toExpect(ms, 'recoveries');
      return expected === null ? [] : [[id, expected]];
    }),
  );
}

/** From the usual to the worst of the last ones; newest first. */
function toExpect(
  measuredMs: readonly number[],
  of: 'recoveries' | 'restore tests',
): ExpectedDuration | null {
  const sorted = measuredMs.slice(0, lastCount).sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)];
  const worst = sorted.at(-1);
  if (median === undefined || worst === undefined) return null;
  return { minMs: median, maxMs: worst, measured: { runs: sorted.length, of } };
}
