import { z } from 'zod';
import type { RecoveryMarker } from '../../workflows/contracts/marker.ts';
import type { ObjectStore } from '../ports.ts';

const keptMarker = z.object({
  sequence: z.number().int().nonnegative(),
  writtenAt: z.iso.datetime({ offset: true }),
  everyMs: z.number().nonnegative(),
});

const keyOf = (environment: string) => `markers/${environment}.json`;

/** Keeps a marker outside the database, for one that is gone. Throws `store-unavailable` (retried) or `store-refused`. */
export async function keepMarker(
  store: ObjectStore,
  environment: string,
  marker: RecoveryMarker,
): Promise<void> {
  await store.putText(keyOf(environment), `${JSON.stringify(marker, null, 2)}\n`, 'application/json');
}

/**
 * The marker that was kept last; null where none was, or it cannot be read.
 *
 * @throws DrError `store-unavailable` (retried) or `store-refused`
 */
export async function readKeptMarker(
  store: ObjectStore,
  environment: string,
): Promise<RecoveryMarker | null> {
  const text = await store.getText(keyOf(environment));
  if (text === undefined) return null;
  try {
    return keptMarker.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
