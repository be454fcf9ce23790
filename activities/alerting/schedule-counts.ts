import type { ScheduleCounts } from '../../workflows/contracts/operations.ts';
import type { ErasableObjectStore } from '../ports.ts';
import { requireEnvironment } from './keys.ts';
import { parseStored, scheduleCountsSchema, toStored } from './schemas.ts';

function keyOf(environment: string): string {
  requireEnvironment(environment);
  return `operations/${environment}/schedule-counts.json`;
}

/**
 * Reads the counts that the last check of the schedules left; empty when there are none that can be read.
 *
 * @throws DrError `input-invalid`, `store-unavailable` (retried) or `store-refused`
 */
export async function readScheduleCounts(
  store: ErasableObjectStore,
  { environment }: { readonly environment: string },
): Promise<readonly ScheduleCounts[]> {
  return parseStored(scheduleCountsSchema, await store.getText(keyOf(environment))) ?? [];
}

/** Keeps the counts for the next check. Idempotent. Throws as {@link readScheduleCounts} does. */
export async function writeScheduleCounts(
  store: ErasableObjectStore,
  { environment, counts }: { readonly environment: string; readonly counts: readonly ScheduleCounts[] },
): Promise<void> {
  await store.putText(keyOf(environment), toStored(counts), 'application/json');
}
