import type { ReadOnlyQueries } from '../../ports.ts';
import { rowsAnswer } from './answers.ts';
import { call, type SupabaseAccess } from './client.ts';

/**
 * Statements that Supabase runs as a role that cannot write, by its Management API: the road into the database that
 * network restrictions leave open. Names must be qualified with their schema.
 *
 * @returns queries that throw `provider-refused` with PostgreSQL's own words for a statement that fails, and the other
 *   `provider-*` errors
 */
export function createSupabaseReadOnlyQueries(access: SupabaseAccess): ReadOnlyQueries {
  return {
    queryReadOnly: (query, parameters = []) =>
      call(access, {
        method: 'POST',
        path: '/database/query/read-only',
        purpose: 'running a read-only query',
        expectedStatus: 201,
        answer: rowsAnswer,
        body: { query, parameters },
      }),
  };
}
