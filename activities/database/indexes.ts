import { z } from 'zod';
import type { VerificationCheck } from '../../workflows/contracts/evidence.ts';
import type { DatabaseSession } from '../ports.ts';
import { count, readRow } from './rows.ts';

const listing = `
  SELECT count(*) AS total, coalesce(string_agg(format('%I.%I', n.nspname, c.relname), ', ' ORDER BY n.nspname, c.relname)
           FILTER (WHERE NOT (i.indisvalid AND i.indisready AND i.indislive)), '') AS invalid
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE n.nspname = ANY ($1::text[])`;

/**
 * Looks for indexes that the server itself marks as unusable, such as one whose concurrent build a restore cut off.
 *
 * @returns one check over all indexes of the schemas
 * @throws DrError `database-unreachable` (retried), `database-query-failed`
 */
export async function checkIndexes(
  session: DatabaseSession,
  schemas: readonly string[],
): Promise<VerificationCheck> {
  const { total, invalid } = await readRow(
    session,
    z.object({ total: count, invalid: z.string() }),
    listing,
    [schemas],
  );
  return {
    name: 'indexes',
    passed: invalid === '',
    advisory: false,
    found: invalid === '' ? `${total} indexes, all valid` : `not valid: ${invalid}`,
    expected: 'every index valid',
  };
}
