import { z } from 'zod';
import type { OpenDrill } from '../../workflows/contracts/drills.ts';
import { isRunnableScenario, type RunnableScenario } from '../../workflows/contracts/names.ts';
import { requireEnvironment } from '../alerting/keys.ts';
import { parseStored, toStored } from '../alerting/schemas.ts';
import type { DrillDependencies } from './dependencies.ts';
import { refused } from './guard.ts';

const moment = z.iso.datetime({ offset: true });
const openDrill: z.ZodType<OpenDrill> = z.object({
  formatVersion: z.literal(1),
  environment: z.string(),
  id: z.string(),
  runId: z.string(),
  faultId: z.string(),
  scenario: z.custom<RunnableScenario>(isRunnableScenario),
  onCall: z.string(),
  approver: z.string(),
  registeredAt: moment,
  brokenAt: moment.nullable(),
});

/** Names a drill. */
export interface DrillPlace {
  readonly environment: string;
  /** Workflow id. */
  readonly id: string;
}

/** Where an object of a drill lies while the drill is open. Throws `input-invalid` for a name that could leave its folder. */
export function openDrillKey({ environment, id }: DrillPlace, object: string): string {
  requireEnvironment(environment);
  if (!/^[a-z0-9][a-z0-9:._-]{0,200}$/i.test(id))
    throw refused('The id of the drill cannot be part of a key.');
  return `drills-open/${environment}/${id}/${object}`;
}

/** Notes in the store that a drill is about to break something, or has: whoever comes after a kill finds it. Idempotent. */
export async function registerDrill({ store }: DrillDependencies, drill: OpenDrill): Promise<void> {
  await store.putText(openDrillKey(drill, 'drill.json'), toStored(drill), 'application/json');
}

/** Removes all that was noted of a drill: nothing of it is left. Idempotent. */
export async function closeDrill({ store }: DrillDependencies, place: DrillPlace): Promise<void> {
  const objects = await store.list(openDrillKey(place, ''));
  // The note goes last: while it is there, somebody still looks after the rest.
  const note = openDrillKey(place, 'drill.json');
  for (const { key } of objects) if (key !== note) await store.remove(key);
  await store.remove(note);
}

/** Drills of an environment that were begun and whose run is over, without having taken everything away. */
export async function leftDrills(
  { store, desk }: DrillDependencies,
  { environment }: { readonly environment: string },
): Promise<readonly OpenDrill[]> {
  requireEnvironment(environment);
  const notes = (await store.list(`drills-open/${environment}/`)).filter(({ key }) =>
    key.endsWith('/drill.json'),
  );
  const left: OpenDrill[] = [];
  for (const { key } of notes) {
    const drill = parseStored(openDrill, await store.getText(key));
    if (drill === undefined || drill.environment !== environment) continue;
    if (!(await desk.isRunning(drill.id, drill.runId))) left.push(drill);
  }
  return left;
}
