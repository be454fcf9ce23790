import { z } from 'zod';
import type { JobQueue } from '../../workflows/contracts/policy.ts';
import type { DatabaseSession, ObjectStore } from '../ports.ts';
import { quoteIdentifier, quoteTable } from './identifiers.ts';
import { readRow, readRows } from './rows.ts';

/** What is kept in the store of one queue's pending jobs. */
export const pendingKeys = z.object({ table: z.string(), keyColumn: z.string(), keys: z.array(z.string()) });

/** Whether the queue's table exists. Throws `database-unreachable` (retried) or `database-query-failed`. */
export async function queueExists(session: DatabaseSession, queue: JobQueue): Promise<boolean> {
  const row = await readRow(
    session,
    z.object({ there: z.boolean() }),
    'SELECT to_regclass($1) IS NOT NULL AS there',
    [quoteTable(queue.table)],
  );
  return row.there;
}

/** Keys of the queue's pending jobs as text, sorted. Throws `database-unreachable` (retried) or `database-query-failed`. */
export async function readPendingKeys(session: DatabaseSession, queue: JobQueue): Promise<readonly string[]> {
  const key = `${quoteIdentifier(queue.keyColumn)}::text`;
  const rows = await readRows(
    session,
    z.object({ key: z.string() }),
    `SELECT ${key} AS key FROM ${quoteTable(queue.table)}
      WHERE ${quoteIdentifier(queue.statusColumn)}::text = $1 ORDER BY ${key} COLLATE "C"`,
    [queue.pendingStatus],
  );
  return rows.map((row) => row.key);
}

/**
 * Writes the keys of a queue's pending jobs to the store, outside the database that is about to be rewound.
 *
 * @returns how many are pending and where their keys lie; both null where the queue's table does not exist
 * @throws DrError `database-unreachable` or `store-unavailable` (retried), `database-query-failed`, `store-refused`
 */
export async function keepPendingKeys(
  session: DatabaseSession,
  store: ObjectStore,
  queue: JobQueue,
  keysPrefix: string,
): Promise<{ table: string; pending: number | null; keysObject: string | null }> {
  if (!(await queueExists(session, queue))) return { table: queue.table, pending: null, keysObject: null };
  const keys = await readPendingKeys(session, queue);
  const keysObject = `${keysPrefix.replace(/\/$/, '')}/pending-${queue.table}.json`;
  const kept = {
    table: queue.table,
    keyColumn: queue.keyColumn,
    keys: [...keys],
  } satisfies z.input<typeof pendingKeys>;
  await store.putText(keysObject, JSON.stringify(kept), 'application/json');
  return { table: queue.table, pending: keys.length, keysObject };
}
