import type { OperationIncident } from '../../workflows/contracts/operations.ts';
import type { ErasableObjectStore } from '../ports.ts';
import { type OperationPlace, placeKey } from './keys.ts';
import { incidentSchema, parseStored, toStored } from './schemas.ts';

const keyOf = (place: OperationPlace) => `incidents/${placeKey(place)}.json`;

/**
 * Reads the open incident of an operation. One that cannot be read counts as none: an alert too many is better than none.
 *
 * @throws DrError `input-invalid`, `store-unavailable` (retried) or `store-refused`
 */
export async function readIncident(
  store: ErasableObjectStore,
  place: OperationPlace,
): Promise<OperationIncident | null> {
  return parseStored(incidentSchema, await store.getText(keyOf(place))) ?? null;
}

/** Opens or replaces an incident. Idempotent. Throws as {@link readIncident} does. */
export async function writeIncident(store: ErasableObjectStore, incident: OperationIncident): Promise<void> {
  await store.putText(keyOf(incident), toStored(incident), 'application/json');
}

/** Closes an incident; one that is not open is success. Throws as {@link readIncident} does. */
export async function clearIncident(store: ErasableObjectStore, place: OperationPlace): Promise<void> {
  await store.remove(keyOf(place));
}
