import type { RewindInventory } from '../../workflows/contracts/evidence.ts';
import type { Database } from '../ports.ts';
import { readCronJobs } from './cron-jobs.ts';
import { readGrants } from './grants.ts';
import { readReplicationSlots } from './replication-slots.ts';

/** What a rewind undoes outside the tables, as lines to compare. */
export type RewindListings = Pick<RewindInventory, 'cronJobs' | 'replicationSlots' | 'grants'>;

/**
 * Lists cron jobs, replication slots and grants, each sorted.
 *
 * @throws DrError `database-unreachable` (retried), `database-login-refused`, `database-query-failed`
 */
export function readListings(database: Database, schemas: readonly string[]): Promise<RewindListings> {
  return database.session(async (session) => ({
    cronJobs: await readCronJobs(session),
    replicationSlots: await readReplicationSlots(session),
    grants: await readGrants(session, schemas),
  }));
}
