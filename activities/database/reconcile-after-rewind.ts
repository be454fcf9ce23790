import type { Reconciliation, RewindInventory } from '../../workflows/contracts/evidence.ts';
import type { ApplicationRole, JobQueue, Policy } from '../../workflows/contracts/policy.ts';
import type { ApplicationPlatform, Database, ObjectStore } from '../ports.ts';
import { compareFiles } from './compare-files.ts';
import { compareListings } from './compare-listings.ts';
import { heartbeat } from './heartbeat.ts';
import { holdDoneJobs } from './hold-done-jobs.ts';
import { mendPassword } from './mend-password.ts';
import { readListings } from './read-listings.ts';
import { checkSequences } from './sequences.ts';
import { unfilteredSession } from './unfiltered-session.ts';

/** What is reconciled, and the inventory from before the rewind. */
export interface ReconciliationRequest {
  readonly inventory: RewindInventory;
  readonly jobQueues: readonly JobQueue[];
  readonly applicationRoles: readonly ApplicationRole[];
  readonly fileReferences: Policy['fileReferences'];
  readonly schemas: readonly string[];
}

/** What a reconciliation reaches. */
export interface ReconciliationDependencies {
  readonly database: Database;
  readonly store: ObjectStore;
  readonly applicationPlatform: Pick<ApplicationPlatform, 'variable'>;
}

/**
 * Finds what a rewind undid besides rows, mends what has one right answer (passwords of the application, jobs that
 * were already done) and lists the rest for a person. Runs before the application starts; safe to repeat. No secret
 * is in its result.
 *
 * @throws DrError `reconciliation-failed` (not retried) where done jobs cannot be told from pending ones;
 *   `database-unreachable`, `store-unavailable` and some `provider-*` (retried); `database-login-refused`,
 *   `database-query-failed`, `store-refused`, other `provider-*`
 */
export async function reconcileAfterRewind(
  dependencies: ReconciliationDependencies,
  { inventory, jobQueues, applicationRoles, fileReferences, schemas }: ReconciliationRequest,
): Promise<Reconciliation> {
  const { database, store } = dependencies;
  const items: Reconciliation['items'][number][] = [];
  for (const role of applicationRoles) {
    heartbeat(`trying the login of ${role.role}`);
    items.push(await mendPassword(dependencies, role));
  }
  await unfilteredSession(database, async (session) => {
    for (const queue of jobQueues) {
      heartbeat(`holding done jobs of ${queue.table}`);
      const noted = inventory.pendingJobs.find((entry) => entry.table === queue.table);
      items.push(await holdDoneJobs(session, store, queue, noted));
    }
    items.push(...compareListings(inventory, await readListings(database, schemas)));
    items.push(await checkSequences(session, schemas));
    for (const reference of fileReferences) {
      heartbeat(`comparing files of bucket ${reference.bucket}`);
      items.push(await compareFiles(session, store, reference));
    }
  });
  return { items };
}
