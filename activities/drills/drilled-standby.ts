import { z } from 'zod';
import { readRows } from '../database/rows.ts';
import { DrError } from '../errors.ts';
import type { Database } from '../ports.ts';
import { connectionTo } from '../restore-into/target-database.ts';
import { requireStandby } from '../standby/dependencies.ts';
import { dropStandbyDatabase, isStandbyDatabase } from '../standby/drop-database.ts';
import { stopStandbyApplication } from '../standby/stop-application.ts';
import type { DrillDependencies } from './dependencies.ts';
import { refused } from './guard.ts';
import { type DrillPlace, openDrillKey } from './open-drills.ts';

type StandbyOfDrill = Pick<DrillDependencies, 'standby'>;

/**
 * Refuses a drill where the standby environment is in use: what it holds may be production, and a drill removes it.
 *
 * @throws DrError `input-invalid`, `standby-missing` (not retried), `database-unreachable` (retried)
 */
export async function requireFreeStandby(deps: StandbyOfDrill): Promise<void> {
  const found = await standbyDatabases(deps);
  const { healthy } = await requireStandby(deps).probe.probe();
  if (found.length === 0 && !healthy) return;
  throw refused(
    `The standby environment is in use: ${[...found.map((name) => `database ${name}`), ...(healthy ? ['its application answers'] : [])].join(', ')}.`,
    'If nobody needs it, stop its application and drop its databases; then hold the drill again.',
  );
}

/** Notes that the standby environment was free before the fault: whatever stands there later is of this drill. Idempotent. */
export async function noteFreeStandby({ store }: DrillDependencies, place: DrillPlace): Promise<void> {
  await store.putText(openDrillKey(place, note), '{"free":true}', 'application/json');
}

const note = 'standby.json';

/**
 * Stops the standby application and drops what was rebuilt there, where the drill has noted that it was free before.
 * Idempotent.
 *
 * @returns what was done, in words
 * @throws DrError `operator-command-failed`, `database-unreachable` (retried), `store-*`
 */
export async function emptyStandby(deps: DrillDependencies, place: DrillPlace): Promise<string> {
  if ((await deps.store.getText(openDrillKey(place, note))) === undefined)
    return 'nothing was rebuilt elsewhere';
  await stopStandbyApplication(deps);
  const databases = await standbyDatabases(deps);
  for (const database of databases) await dropStandbyDatabase(deps, { database });
  return `the standby application is stopped, ${databases.join(', ') || 'no database'} dropped there`;
}

/**
 * The database that the recovery has rebuilt. Since the standby environment was free before, there is only that one.
 *
 * @throws DrError `verification-failed` where there is not exactly one; `standby-missing`, `database-unreachable` (retried)
 */
export async function rebuiltDatabase(deps: StandbyOfDrill): Promise<Pick<Database, 'session'>> {
  const { databaseUrl, openDatabase } = requireStandby(deps);
  const [database, ...others] = await standbyDatabases(deps);
  if (database === undefined || others.length > 0) {
    throw new DrError('verification-failed', {
      happened: `The standby server holds ${database === undefined ? 'no rebuilt database' : `several: ${[database, ...others].join(', ')}`}.`,
      meaning: 'The rows of the rebuilt production cannot be compared with those of before the fault.',
      next: 'See in the report of the recovery what it has built; the drill puts everything back all the same.',
    });
  }
  return openDatabase(connectionTo(databaseUrl, database));
}

const named = z.object({ name: z.string() });

async function standbyDatabases(deps: StandbyOfDrill): Promise<readonly string[]> {
  const { databaseUrl, openDatabase } = requireStandby(deps);
  const rows = await openDatabase(databaseUrl).session((session) =>
    readRows(session, named, 'SELECT datname AS name FROM pg_database ORDER BY datname'),
  );
  return rows.map(({ name }) => name).filter(isStandbyDatabase);
}
