import { z } from 'zod';
import { count, readRows } from '../../database/rows.ts';
import type { DatabaseSession } from '../../ports.ts';
import { meetsPattern } from '../../security/grant-lines.ts';
import type { LookContext } from '../look.ts';
import type { Reading } from '../reading.ts';
import { statementsSchema } from './statements-schema.ts';

const mostRemembered = 30;
const mostNamed = 3;

const running = z.object({ role: z.string().nullable(), seconds: z.coerce.number() });
const statement = z.object({ id: z.string(), role: z.string(), calls: count, totalMs: z.coerce.number() });

/**
 * Statements that take too long: those that run, and where `pg_stat_statements` is installed the mean of what was run
 * since the last look. A statement is told by its id: its text may hold what it was called with.
 */
export async function probeSlowQueries(
  session: DatabaseSession,
  { monitor: { slowQueries, bulkReads }, memory }: Pick<LookContext, 'monitor' | 'memory'>,
): Promise<{ readonly reading: Reading; readonly statements: LookContext['memory']['statements'] }> {
  const { runningMs, meanMs, calls: fewest } = slowQueries;
  const isExempt = (role: string | null) =>
    bulkReads.exemptRoles.some((pattern) => meetsPattern(role ?? '', pattern));
  const long = await readRows(
    session,
    running,
    `SELECT usename::text AS role, extract(epoch FROM clock_timestamp() - query_start) AS seconds
       FROM pg_stat_activity WHERE state = 'active' AND backend_type = 'client backend' AND pid <> pg_backend_pid()
        AND clock_timestamp() - query_start > make_interval(secs => $1) ORDER BY 2 DESC`,
    [runningMs / 1000],
  );
  const problems = long
    .filter(({ role }) => !isExempt(role))
    .map(({ role, seconds }) => `one of role ${role ?? 'unknown'} runs for ${Math.round(seconds)} s`);
  const schema = await statementsSchema(session);
  const now =
    schema === undefined
      ? []
      : await readRows(
          session,
          statement,
          `SELECT s.queryid::text AS id, r.rolname::text AS role, sum(s.calls)::bigint AS calls, sum(s.total_exec_time) AS "totalMs"
             FROM ${schema}.pg_stat_statements s JOIN pg_roles r ON r.oid = s.userid
            WHERE s.queryid IS NOT NULL GROUP BY 1, 2 ORDER BY 4 DESC LIMIT ${mostRemembered}`,
        );
  for (const { id, role, calls, totalMs } of now) {
    const before = memory.statements?.find((one) => one.id === id);
    if (memory.statements === null || isExempt(role)) continue;
    const since = calls - (before?.calls ?? 0);
    const mean = (totalMs - (before?.totalMs ?? 0)) / since;
    if (since >= fewest && mean > meanMs) {
      problems.push(`statement ${id} of role ${role} took ${Math.round(mean)} ms, ${since} times`);
    }
  }
  const limit = `under ${runningMs / 1000} s each, and ${meanMs} ms on average`;
  return {
    reading: {
      signal: 'slow-queries',
      verdict: problems.length > 0 ? 'bad' : 'good',
      found:
        problems.length > 0
          ? `Slow statements: ${problems.slice(0, mostNamed).join('; ')}.`
          : `No slow statement${schema === undefined ? ' runs; of those that ended nothing is known: pg_stat_statements is not installed' : ''}.`,
      expected: limit,
    },
    statements: now.map(({ id, calls, totalMs }) => ({ id, calls, totalMs: Math.round(totalMs) })),
  };
}
