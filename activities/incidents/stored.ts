import type { Incident, Silence } from '../../workflows/contracts/monitoring.ts';
import { requireEnvironment } from '../alerting/keys.ts';
import { parseStored, toStored } from '../alerting/schemas.ts';
import { DrError } from '../errors.ts';
import type { ObjectStore } from '../ports.ts';
import { incidentSchema, silenceSchema } from './schemas.ts';

/** What outlives the monitor's own runs. */
export interface StoredWatch {
  /** The newest incident, where it is still open. */
  readonly incident: Incident | null;
  readonly silence: Silence | null;
}

/**
 * Reads what an earlier monitor left: the incident that is open and the silence that is in force.
 *
 * @throws DrError `input-invalid`, `store-unavailable` (retried) or `store-refused`
 */
export async function readStoredWatch(
  store: ObjectStore,
  { environment }: { readonly environment: string },
): Promise<StoredWatch> {
  requireEnvironment(environment);
  const [objects, silence] = await Promise.all([
    store.list(`${incidentFolder(environment)}/`),
    store.getText(silenceKey(environment)),
  ]);
  const newest = objects
    .map(({ key }) => key)
    .sort()
    .at(-1);
  const incident =
    newest === undefined ? undefined : parseStored(incidentSchema, await store.getText(newest));
  return {
    incident: incident?.closedAt === null && incident.environment === environment ? incident : null,
    silence: parseStored(silenceSchema, silence) ?? null,
  };
}

/** Opens, changes or closes an incident. Idempotent. Throws as {@link readStoredWatch} does. */
export async function writeMonitoredIncident(store: ObjectStore, incident: Incident): Promise<void> {
  requireEnvironment(incident.environment);
  if (!/^[0-9A-Za-z-]{1,100}$/.test(incident.id)) {
    throw new DrError('input-invalid', {
      happened: 'The incident’s id cannot be part of a key.',
      meaning: 'It was not stored; the monitor keeps it in its own run.',
      next: 'Correct what opened it.',
    });
  }
  const key = `${incidentFolder(incident.environment)}/${incident.id}.json`;
  await store.putText(key, toStored(incident), 'application/json');
}

/** Keeps a silence, or that there is none. Idempotent. Throws as {@link readStoredWatch} does. */
export async function writeSilence(
  store: ObjectStore,
  { environment, silence }: { readonly environment: string; readonly silence: Silence | null },
): Promise<void> {
  requireEnvironment(environment);
  await store.putText(
    silenceKey(environment),
    silence === null ? 'null\n' : toStored(silence),
    'application/json',
  );
}

/** Apart from the incidents of operations, whose list is read whole. */
function incidentFolder(environment: string): string {
  return `monitor/${environment}/incidents`;
}

function silenceKey(environment: string): string {
  return `silences/${environment}.json`;
}
