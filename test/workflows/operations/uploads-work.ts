import { Context } from '@temporalio/activity';
import type { UploadsActivities } from '../../../activities/uploads/index.ts';
import { nothingSynced } from '../../uploads-result.ts';

/** Stands in for the copying of uploads: it goes on until the test lets it end, over the lives of workers. */
export class UploadsWork {
  /** Destinations that are written to now. */
  readonly writing: string[] = [];
  /** Most that wrote to one destination at once. */
  most = 0;
  /** Whether each copy ends as soon as it can. */
  free = true;

  readonly activities: UploadsActivities = {
    checkPlaces: async () => undefined,
    syncUploads: async ({ from, to }) => {
      const context = Context.current();
      const [source, place] = [JSON.stringify(from), JSON.stringify(to)];
      this.writing.push(place);
      try {
        this.most = Math.max(this.most, this.writing.filter((each) => each === place).length);
        while (!this.free) {
          context.heartbeat();
          await context.sleep(50);
        }
      } finally {
        this.writing.splice(this.writing.indexOf(place), 1);
      }
      return {
        ...nothingSynced,
        from: source,
        to: place,
        listed: { source: 1, destination: 1 },
        unchanged: 1,
        transferred: { objects: 0, bytes: 0 },
        startedAt: new Date().toISOString(),
        durationMs: 1,
        listingMs: 1,
      };
    },
  };
}
