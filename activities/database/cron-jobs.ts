import { z } from 'zod';
import type { DatabaseSession } from '../ports.ts';
import { readRow, readRows } from './rows.ts';

const installed = z.object({ installed: z.boolean() });

/** `jobname` came in pg_cron 1.3; the command may hold a key of an API, so only its fingerprint leaves the database. */
const jobs = `
  SELECT format('%s: %s in %s as %s, %s, command %s', coalesce(nullif(j->>'jobname', ''), 'unnamed'), j->>'schedule',
                j->>'database', j->>'username', CASE WHEN (j->>'active')::boolean THEN 'active' ELSE 'paused' END,
                left(encode(sha256(convert_to(j->>'command', 'UTF8')), 'hex'), 16)) AS line
    FROM (SELECT to_jsonb(job) AS j FROM cron.job) AS listed`;

/**
 * Lists the jobs of pg_cron, one line each, sorted, with the SHA-256 of the command instead of the command; empty where the
 * extension is not installed. Throws `database-unreachable` (retried) or `database-query-failed`.
 */
export async function readCronJobs(session: DatabaseSession): Promise<readonly string[]> {
  const cron = await readRow(session, installed, `SELECT to_regclass('cron.job') IS NOT NULL AS installed`);
  if (!cron.installed) return [];
  const rows = await readRows(session, z.object({ line: z.string() }), jobs);
  return rows.map((row) => row.line).sort();
}
