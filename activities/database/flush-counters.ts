import { z } from 'zod';
import type { DatabaseSession } from '../ports.ts';
import { readRow } from './rows.ts';

const known = `SELECT to_regproc('pg_stat_force_next_flush') IS NOT NULL AS "canFlush"`;

/**
 * Makes a session hand its counters over before they are read: it does so when it is idle, and no more than once a second
 * unless it is told to. Throws `database-unreachable` (retried) or `database-query-failed`.
 */
export async function flushCounters(session: DatabaseSession): Promise<void> {
  const { canFlush } = await readRow(session, z.object({ canFlush: z.boolean() }), known);
  if (canFlush) await session.query('SELECT pg_stat_force_next_flush()');
}
