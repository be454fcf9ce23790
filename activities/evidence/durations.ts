import { z } from 'zod';
import type { ExpectedDuration } from '../../workflows/contracts/policy.ts';
import { listOperationRecords } from '../alerting/operation-records.ts';
import type { ObjectStore } from '../ports.ts';

/** How many of the last measurements count: enough to tell a usual one, few enough to follow a database that grows. */
const lastCount = 10;

/** The operations that measure restores. */
const measuring = ['restore-test', 'full-test'] as const;

const reportKey = /\/report\.json$/;
const measuredReport = z.object({ restoreMs: z.number().nonnegative() });

/** How long restores took here lately; null for a road that nobody has measured. */
export interface MeasuredRestores {
  /** By the provider, to a point in time, in place: from the reports of recoveries. */
  readonly restore: ExpectedDuration | null;
  /** From a backup of ours: from restore tests. */
  readonly restoreOwnBackup: ExpectedDuration | null;
}

/**
 * Reads what the last restores of an environment took, from the evidence that they left.
 *
 * @throws DrError `input-invalid`, `store-unavailable` (retried) or `store-refused`
 */
export async function measuredRestores(store: ObjectStore, environment: string): Promise<MeasuredRestores> {
  const [tests, recoveries] = await Promise.all([
    ofRestoreTests(store, environment),
    ofRecoveries(store, environment),
  ]);
  return {
    restore: toExpect(recoveries, 'recoveries'),
    restoreOwnBackup: toExpect(tests, 'restore tests'),
  };
}

async function ofRestoreTests(store: ObjectStore, environment: string): Promise<number[]> {
  const records = await Promise.all(
    measuring.map((operation) => listOperationRecords(store, { environment, operation, limit: lastCount })),
  );
  return records
    .flat()
    .sort((a, b) => b.startedAt.localeCompare(a.startedAt))
    .flatMap(({ restores }) => restores.map(({ ms }) => ms))
    .slice(0, lastCount);
}

/** Keys begin with the start of the recovery. */
async function ofRecoveries(store: ObjectStore, environment: string): Promise<number[]> {
  const keys = (await store.list(`recoveries/${environment}/`))
    .map(({ key }) => key)
    .filter((key) => reportKey.test(key))
    .sort()
    .reverse()
    .slice(0, lastCount);
  const texts = await Promise.all(keys.map((key) => store.getText(key)));
  return texts.flatMap((text) => restoreMsOf(text) ?? []);
}

/** Undefined for a recovery that restored nothing, and for a report that cannot be read. */
function restoreMsOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  try {
    return measuredReport.safeParse(JSON.parse(text)).data?.restoreMs;
  } catch {
    return undefined;
  }
}

/** From the usual to the worst. */
function toExpect(
  measuredMs: readonly number[],
  of: 'recoveries' | 'restore tests',
): ExpectedDuration | null {
  const sorted = measuredMs.toSorted((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)];
  const worst = sorted.at(-1);
  if (median === undefined || worst === undefined) return null;
  return { minMs: median, maxMs: worst, measured: { runs: sorted.length, of } };
}
