import { z } from 'zod';
import { count, readRows } from '../../database/rows.ts';
import type { DatabaseSession } from '../../ports.ts';
import { meetsPattern } from '../../security/grant-lines.ts';
import type { LookContext } from '../look.ts';
import type { Reading } from '../reading.ts';
import { statementsSchema } from './statements-schema.ts';

const returned = z.object({ role: z.string(), rows: count });

/**
 * Rows that statements of each role returned since the last look, by `pg_stat_statements`. Who reads everything by
 * their task is exempt, and with them whoever logs in as them.
 */
export async function probeBulkReads(
  session: DatabaseSession,
  { monitor: { bulkReads }, memory }: Pick<LookContext, 'monitor' | 'memory'>,
): Promise<{ readonly reading: Reading; readonly rowsReturned: LookContext['memory']['rowsReturned'] }> {
  const expected = `at most ${bulkReads.rows} rows for each role between two looks`;
  const schema = await statementsSchema(session);
  if (schema === undefined) {
    const found = 'not known: pg_stat_statements is not installed';
    return {
      reading: { signal: 'bulk-reads', verdict: 'unknown', found, expected },
      rowsReturned: memory.rowsReturned,
    };
  }
  const roles = await readRows(
    session,
    returned,
    `SELECT r.rolname::text AS role, sum(s.rows)::bigint AS rows
       FROM ${schema}.pg_stat_statements s JOIN pg_roles r ON r.oid = s.userid
      WHERE s.query ~* '^\\s*(/\\*.*\\*/\\s*)?(select|with|table|fetch|copy|declare|values|\\()' GROUP BY 1`,
  );
  const rowsReturned = Object.fromEntries(roles.map(({ role, rows }) => [role, rows]));
  const before = memory.rowsReturned;
  const reads = roles
    .filter(({ role }) => !bulkReads.exemptRoles.some((pattern) => meetsPattern(role, pattern)))
    // What was counted before the first look is nobody's news; a counter that went back began anew.
    .map(({ role, rows }) => ({ role, rows: before === null ? 0 : Math.max(0, rows - (before[role] ?? 0)) }))
    .sort((a, b) => b.rows - a.rows);
  const large = reads.filter(({ rows }) => rows > bulkReads.rows);
  return {
    reading: {
      signal: 'bulk-reads',
      verdict: large.length > 0 ? 'bad' : 'good',
      found:
        large.length > 0
          ? `${large.map(({ role, rows }) => `Role ${role} read ${rows} rows`).join('; ')} since the last look.`
          : `At most ${reads[0]?.rows ?? 0} rows were read by one role.`,
      expected,
    },
    rowsReturned,
  };
}
