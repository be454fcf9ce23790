import { z } from 'zod';
import type { Indicator, IndicatorFinding } from '../../workflows/contracts/security.ts';
import { withHeartbeat } from '../database/heartbeat.ts';
import { jsonColumn, readRow } from '../database/rows.ts';
import { DrError } from '../errors.ts';
import type { Database, DatabaseSession } from '../ports.ts';

/** Rows that a person looks at; all of them are counted. */
const sampleRows = 20;
const longestSample = 500;
/** One indicator, in ms: evidence of a breach must not wait for a query without an index. */
const limitMs = 60_000;

const counted = z.object({ rows: z.coerce.number(), sample: jsonColumn(z.array(z.string())).nullable() });

async function run(
  session: DatabaseSession,
  { name, sql }: Indicator,
  since: string,
): Promise<IndicatorFinding> {
  const statement = `WITH suspicious AS MATERIALIZED (${sql.replace(/;\s*$/, '')})
    SELECT count(*) AS rows, (SELECT json_agg(left(to_jsonb(shown)::text, ${longestSample}))
      FROM (SELECT * FROM suspicious LIMIT ${sampleRows}) AS shown) AS sample FROM suspicious`;
  await session.query(`BEGIN READ ONLY; SET LOCAL statement_timeout = ${limitMs}`);
  try {
    const found = await readRow(session, counted, statement, sql.includes('$1') ? [since] : []);
    return { name, rows: found.rows, sample: found.sample ?? [], failure: null };
  } catch (error) {
    if (!(error instanceof DrError) || error.type === 'database-login-refused') throw error;
    return { name, rows: null, sample: [], failure: error.explanation.happened };
  } finally {
    await session.query('ROLLBACK').catch(() => undefined);
  }
}

/**
 * Looks for traces of a misuse in a database: production's, or a copy of an earlier moment. One that fails does not keep
 * the others from being run. Nothing can be written by them.
 *
 * @param since RFC 3339, UTC: begin of the span that is looked at
 * @throws DrError `database-unreachable` (retried) or `database-login-refused`
 */
export async function runIndicators(
  database: Database,
  { indicators, since }: { readonly indicators: readonly Indicator[]; readonly since: string },
): Promise<readonly IndicatorFinding[]> {
  return database.session(async (session) => {
    const findings: IndicatorFinding[] = [];
    for (const indicator of indicators) {
      findings.push(await withHeartbeat(indicator.name, () => run(session, indicator, since)));
    }
    return findings;
  });
}
