import { z } from 'zod';
import { count, readRows } from '../../database/rows.ts';
import type { DatabaseSession } from '../../ports.ts';
import { meetsPattern } from '../../security/grant-lines.ts';
import { judgeStatements } from '../judge-statements.ts';
import type { LookContext } from '../look.ts';
import type { Reading } from '../reading.ts';
import { statementsSchema } from './statements-schema.ts';

const mostRemembered = 30;
const mostNamed = 3;

const running = z.object({ role: z.string().nullable(), seconds: z.coerce.number() });
const statement = z.object({
  id: z.string(),
  role: z.string(),
  calls: count,
  totalMs: z.coerce.number().transform(Math.round),
});

/**
 * Statements that take too long: those that run, and where `pg_stat_statements` is installed the mean of what was run
 * since they were judged last. A statement is told by its id: its text may hold what it was called with.
 */
export async function probeSlowQueries(
  session: DatabaseSession,
  { monitor, memory, at }: Pick<LookContext, 'monitor' | 'memory' | 'at'>,
): Promise<{ readonly reading: Reading; readonly statements: LookContext['memory']['statements'] }> {
  const { bulkReads } = monitor;
  const { runningMs, meanMs } = monitor.slowQueries;
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
            WHERE s.queryid IS NOT NULL GROUP BY 1, 2 HAVING max(s.max_exec_time) > $1
            ORDER BY 4 DESC`,
          [meanMs],
        );
  const judged = now.filter(({ role }) => !isExempt(role)).slice(0, mostRemembered);
  const { slow, isOpen, remembered } = judgeStatements(
    judged,
    memory.statements,
    at,
    monitor,
    mostRemembered,
  );
  problems.push(...slow);
  const limit = `under ${runningMs / 1000} s each, and ${meanMs} ms on average`;
  return {
    reading: {
      signal: 'slow-queries',
      ...sayOf(problems, isOpen, schema !== undefined),
      expected: limit,
    },
    statements: remembered,
  };
}

function sayOf(
  problems: readonly string[],
  isOpen: boolean,
  hasCounters: boolean,
): Pick<Reading, 'verdict' | 'found'> {
  if (problems.length > 0) {
    return { verdict: 'bad', found: `Slow statements: ${problems.slice(0, mostNamed).join('; ')}.` };
  }
  if (isOpen) {
    return { verdict: 'unknown', found: 'not known: what was slow was hardly called since' };
  }
  const found = hasCounters
    ? 'No slow statement.'
    : 'No slow statement runs; of those that ended nothing is known: pg_stat_statements is not installed.';
  return { verdict: 'good', found };
}
