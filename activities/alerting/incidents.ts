import type { OperationIncident, OperationKind } from '../../workflows/contracts/operations.ts';
import type { ErasableObjectStore } from '../ports.ts';
import { kindKey, requireEnvironment } from './keys.ts';
import { incidentSchema, parseStored, toStored } from './schemas.ts';

const keyOf = (kind: OperationKind) => `incidents/${kindKey(kind)}.json`;

/**
 * Reads the open incident of one kind of operation; null for none, and for one that cannot be read.
 *
 * @throws DrError `input-invalid`, `store-unavailable` (retried) or `store-refused`
 */
export async function readIncident(
  store: ErasableObjectStore,
  kind: OperationKind,
): Promise<OperationIncident | null> {
  return parseStored(incidentSchema, await store.getText(keyOf(kind))) ?? null;
}

/** Reads every open incident of an environment, by name. Throws as {@link readIncident} does. */
export async function listIncidents(
  store: ErasableObjectStore,
  { environment }: { readonly environment: string },
): Promise<readonly OperationIncident[]> {
  requireEnvironment(environment);
  const keys = (await store.list(`incidents/${environment}/`)).map(({ key }) => key).sort();
  const texts = await Promise.all(keys.map((key) => store.getText(key)));
  return texts.map((text) => parseStored(incidentSchema, text)).filter((found) => found !== undefined);
}

/** Opens or replaces an incident. Idempotent. Throws as {@link readIncident} does. */
export async function writeIncident(store: ErasableObjectStore, incident: OperationIncident): Promise<void> {
  await store.putText(keyOf(incident), toStored(incident), 'application/json');
}

/** Closes an incident; one that is not open is success. Throws as {@link readIncident} does. */
export async function clearIncident(store: ErasableObjectStore, kind: OperationKind): Promise<void> {
  await store.remove(keyOf(kind));
}
