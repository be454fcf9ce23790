import { Context } from '@temporalio/activity';
import { checkPlaces } from './check-places.ts';
import type { SyncDependencies, SyncInput } from './places.ts';
import type { SyncResult } from './result.ts';
import { syncUploads } from './sync-uploads.ts';

export type { PlaceReference, SyncDependencies, SyncInput } from './places.ts';
export type { SyncResult } from './result.ts';
export { syncUploads } from './sync-uploads.ts';

const heartbeatEveryMs = 1_000;

/** Activities that keep copies of uploaded files. */
export function createUploadsActivities(dependencies: SyncDependencies) {
  return {
    /** See {@link checkPlaces}. */
    checkPlaces: (way: Pick<SyncInput, 'from' | 'to'>): Promise<void> =>
      checkPlaces(dependencies, way, Context.current().cancellationSignal),

    /** See {@link syncUploads}; heartbeats every second with how far it is, and ends when it is cancelled. */
    async syncUploads(input: SyncInput): Promise<SyncResult> {
      const context = Context.current();
      let heartbeats: NodeJS.Timeout | undefined;
      try {
        return await syncUploads(dependencies, input, {
          signal: context.cancellationSignal,
          progress: (progress) => {
            context.heartbeat(progress());
            heartbeats = setInterval(() => context.heartbeat(progress()), heartbeatEveryMs);
          },
        });
      } finally {
        clearInterval(heartbeats);
      }
    },
  };
}

/** The uploads activities as a workflow calls them. */
export type UploadsActivities = ReturnType<typeof createUploadsActivities>;
