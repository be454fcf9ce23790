import { keptKey, runName } from './keep.ts';
import type { Place } from './places.ts';
import type { ListedObject } from './ports.ts';

const dayMs = 24 * 60 * 60 * 1000;
/** The next run goes on where so many were removed. */
const mostPurgedAtOnce = 10_000;

/** Deletions at the destination: kept for a grace period, then removed. */
export interface Retention {
  /** Tells of an object of a bucket that is kept from an earlier run. */
  see(object: ListedObject, run: string): void;
  /** Moves an object to what this run keeps. */
  retire(object: ListedObject, signal: AbortSignal): Promise<void>;
  /** Removes what was kept long enough. Resolves with the number of objects. */
  purge(signal: AbortSignal): Promise<number>;
}

/** @param keepDays whole days, counted from the start of the run that moved an object */
export function createRetention(place: Place, startedAt: Date, keepDays: number): Retention {
  const run = runName(startedAt);
  const beforeRun = runName(new Date(startedAt.getTime() - keepDays * dayMs));
  const outdated: ListedObject[] = [];
  return {
    see(object, keptIn) {
      if (keptIn < beforeRun && outdated.length < mostPurgedAtOnce) outdated.push(object);
    },
    async retire(object, signal) {
      if (place.kind === 'folder') return place.tree.retire(object.key, run);
      const { bucket } = place;
      const copied = await bucket.copyFrom(bucket, object, keptKey(run, object.key), signal);
      if (copied !== undefined) await bucket.remove(object.key, signal);
    },
    async purge(signal) {
      if (place.kind === 'folder') return place.tree.purge(beforeRun);
      for (const object of outdated) await place.bucket.remove(object.key, signal);
      return outdated.length;
    },
  };
}
