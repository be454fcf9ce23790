import type { RewindInventory } from '../../workflows/contracts/evidence.ts';
import type { JobQueue } from '../../workflows/contracts/policy.ts';
import type { Database, ObjectStore } from '../ports.ts';
import { heartbeat } from './heartbeat.ts';
import { keepPendingKeys } from './pending-jobs.ts';
import { readListings } from './read-listings.ts';
import { unfilteredSession } from './unfiltered-session.ts';

/** What is to be remembered across a rewind. */
export interface InventoryRequest {
  readonly jobQueues: readonly JobQueue[];
  readonly schemas: readonly string[];
  /** Where in the store the keys of pending jobs are kept: a prefix of this run's own. */
  readonly keysPrefix: string;
}

/**
 * Notes what a rewind undoes besides rows. Changes nothing in the database; writes one object per job queue.
 * Writers must be silent by now: a job that is done after its key was noted would be done again.
 *
 * @throws DrError `database-unreachable` or `store-unavailable` (retried), `database-login-refused`,
 *   `database-query-failed`, `store-refused`
 */
export async function takeInventory(
  { database, store }: { readonly database: Database; readonly store: ObjectStore },
  { jobQueues, schemas, keysPrefix }: InventoryRequest,
): Promise<RewindInventory> {
  const pendingJobs = await unfilteredSession(database, async (session) => {
    const queues: RewindInventory['pendingJobs'][number][] = [];
    for (const queue of jobQueues) {
      heartbeat(`noting pending jobs of ${queue.table}`);
      queues.push(await keepPendingKeys(session, store, queue, keysPrefix));
    }
    return queues;
  });
  return { pendingJobs, ...(await readListings(database, schemas)) };
}
