import { sleep } from '@temporalio/workflow';
import { errorTypes } from '../contracts/errors.ts';
import { activities } from '../runbook/activities.ts';

type StoreBackup = typeof activities.vault.storeBackup;

/** Where a backup, its copies of other kinds and leftovers were found. */
export type StoredEverywhere = Awaited<ReturnType<StoreBackup>>;

/**
 * Stores a backup, and tries again after each wait while a location fails in a way that passes: a bucket that asks to
 * slow down, a full disk. What is stored already is not made again; a location that comes back gets a copy.
 *
 * @param waitsMs how long to wait before each further try, ms
 * @returns where it lies in the end; a location that still fails is told there
 * @throws what `storeBackup` throws, after its own retries, when it is nowhere
 */
export async function storePatiently(
  input: Parameters<StoreBackup>[0],
  waitsMs: readonly number[],
): Promise<StoredEverywhere> {
  let stored = await activities.vault.storeBackup(input);
  for (const wait of waitsMs) {
    if (!mayMend(stored)) break;
    await sleep(wait, { summary: 'until the backup is stored again where that failed' });
    stored = await activities.vault.storeBackup(input);
  }
  return stored;
}

function mayMend({ backup, copies }: StoredEverywhere): boolean {
  return [backup, ...copies]
    .flatMap(({ locations }) => locations)
    .some((location) => !location.stored && passing.has(location.failure.type));
}

const passing: ReadonlySet<string> = new Set(
  Object.entries(errorTypes).flatMap(([type, { retried }]) => (retried ? [type] : [])),
);
