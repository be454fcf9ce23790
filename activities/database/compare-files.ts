import { z } from 'zod';
import type { Reconciliation } from '../../workflows/contracts/evidence.ts';
import type { Policy } from '../../workflows/contracts/policy.ts';
import type { DatabaseSession, ObjectStore } from '../ports.ts';
import { quoteIdentifier, quoteTable } from './identifiers.ts';
import { readRows } from './rows.ts';
import { describeFailedRead } from './sql-state.ts';

type Item = Reconciliation['items'][number];

/** Keys of a bucket that are compared; both sides are held in memory. */
const comparedKeys = 1_000_000;
/** Missing files that a report names one by one. */
const namedFiles = 20;

async function readReferences(
  session: DatabaseSession,
  { table, column }: Policy['fileReferences'][number],
): Promise<readonly string[]> {
  const key = `${quoteIdentifier(column)}::text`;
  const rows = await readRows(
    session,
    z.object({ key: z.string() }),
    `SELECT DISTINCT ${key} AS key FROM ${quoteTable(table)}
      WHERE ${quoteIdentifier(column)} IS NOT NULL ORDER BY 1`,
  );
  return rows.map((row) => row.key);
}

/**
 * Holds the files that rows refer to against the bucket, which was not rewound: a file that was deleted since the
 * target is missing now, a file that was added since has no row any more. Files without a row do no harm and need
 * nobody; they are counted. Changes nothing.
 *
 * @throws DrError `database-unreachable` or `store-unavailable` (retried), `store-refused`
 */
export async function compareFiles(
  session: DatabaseSession,
  store: ObjectStore,
  reference: Policy['fileReferences'][number],
): Promise<Item> {
  const what = `files of ${reference.table}.${reference.column} in bucket ${reference.bucket}`;
  let references: readonly string[];
  try {
    references = await readReferences(session, reference);
  } catch (error) {
    return { what, found: describeFailedRead(error), mended: null, needsPerson: true };
  }
  const keys = await store.listBucket(reference.bucket, comparedKeys);
  const files = new Set(keys);
  const missing = references.filter((key) => !files.has(key));
  const withoutRow = files.size - (references.length - missing.length);
  const capped = keys.length >= comparedKeys ? ` (only the first ${comparedKeys} files were compared)` : '';
  const named = missing.slice(0, namedFiles).join(', ');
  const more = missing.length > namedFiles ? ' and more' : '';
  return {
    what,
    found: `${references.length} referred to, ${missing.length} missing${missing.length > 0 ? `: ${named}${more}` : ''}; ${withoutRow} files without a row${capped}`,
    mended: null,
    needsPerson: missing.length > 0,
  };
}
