import type { MarkerWriting, RecoveryMarker } from '../../workflows/contracts/marker.ts';
import type { Phase } from '../../workflows/contracts/status.ts';
import { DrError } from '../errors.ts';
import type { Database, ObjectStore, RunRegistry } from '../ports.ts';
import { keepMarker, readKeptMarker } from './kept-marker.ts';
import { prepareMarkers, writeMarkerRow } from './marker-row.ts';

export { readKeptMarker } from './kept-marker.ts';

/** What writing markers needs. */
export interface MarkerDependencies {
  /** As the operator, with short timeouts: an attempt that hangs delays the next. */
  readonly database: Database;
  readonly store: ObjectStore;
  readonly registry: Pick<RunRegistry, 'recoveryOf'>;
  readonly environment: string;
  /** How often markers are written, ms. */
  readonly everyMs: number;
}

/** Writes one marker, or says why not. Never throws. */
export type WriteMarker = () => Promise<MarkerWriting>;

/** A recovery that only looks has changed nothing, and one that is proposed may wait for hours. */
const harmless: ReadonlySet<string> = new Set<Phase>(['checking', 'proposed']);

/** Every so many markers one is kept outside the database: once a minute at the interval of 5 s. */
const keptEvery = 12;

/**
 * Makes what writes the recovery marker of an environment; called again and again by whoever looks after it. It holds
 * back while a recovery has the environment, and makes schema and table where they are missing. After a restore, and in
 * a new process, the sequence goes on above the highest one that is known.
 */
export function createMarkerWriter(deps: MarkerDependencies): WriteMarker {
  const { database, store, registry, environment, everyMs } = deps;
  let writtenHighest = 0;
  let keptHighest: number | null = null;
  let sinceKept = keptEvery;
  return async () => {
    try {
      const recovery = await registry.recoveryOf(environment);
      if (recovery !== null && !harmless.has(recovery.phase ?? '')) return { kind: 'held-back' };
      keptHighest ??= await highestThatMayExist(store, environment);
      const above = Math.max(writtenHighest, keptHighest ?? 0);
      const marker = await database.session(async (session) => {
        await prepareMarkers(session);
        return writeMarkerRow(session, { environment, above, everyMs });
      });
      writtenHighest = marker.sequence;
      sinceKept += 1;
      // Kept on the way: that the store is away stops no marker, and the next one tries again.
      if (sinceKept >= keptEvery && (await isKept(store, environment, marker))) sinceKept = 0;
      return { kind: 'written', marker };
    } catch (error) {
      if (!(error instanceof DrError)) throw error;
      return { kind: 'not-written', reason: error.explanation.happened };
    }
  };
}

/**
 * Above the one that was kept, another process may have written as many as lie between two keepings. Null while the
 * store is away: the table itself knows better than nothing.
 */
async function highestThatMayExist(store: ObjectStore, environment: string): Promise<number | null> {
  try {
    const kept = await readKeptMarker(store, environment);
    return kept === null ? 0 : kept.sequence + keptEvery;
  } catch {
    return null;
  }
}

async function isKept(store: ObjectStore, environment: string, marker: RecoveryMarker): Promise<boolean> {
  return keepMarker(store, environment, marker).then(
    () => true,
    () => false,
  );
}
