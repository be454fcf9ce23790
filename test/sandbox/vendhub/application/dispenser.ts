import { appendFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Pool } from 'pg';
import { z } from 'zod';
import { describeError, type Log } from './log.ts';

const jobsAtOnce = 20;
const idleMs = 200;
const dispensedJobs = z.array(z.object({ id: z.uuid(), saleId: z.coerce.number() }));

/**
 * Works off pending dispense jobs until stopped. A job is marked done and committed before the machine moves, so a
 * crash may lose a dispense, which a customer reports, but never dispense twice.
 *
 * @param recordFile the machines' own record: one job id a line
 * @returns stops the work and waits for the round under way
 */
export function startDispenser(pool: Pool, recordFile: string | undefined, log: Log): () => Promise<void> {
  const stopping = new AbortController();
  const work = async () => {
    while (!stopping.signal.aborted) {
      const dispensed = await dispenseRound(pool, recordFile, log);
      if (dispensed < jobsAtOnce) {
        await delay(idleMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      }
    }
  };
  const working = work();
  return () => {
    stopping.abort();
    return working;
  };
}

async function dispenseRound(pool: Pool, recordFile: string | undefined, log: Log): Promise<number> {
  try {
    const { rows } = await pool.query(
      `UPDATE public.dispense_jobs SET status = 'done', done_at = clock_timestamp()
        WHERE id IN (SELECT id FROM public.dispense_jobs WHERE status = 'pending'
                      ORDER BY created_at LIMIT $1 FOR UPDATE SKIP LOCKED)
        RETURNING id, sale_id AS "saleId"`,
      [jobsAtOnce],
    );
    const jobs = dispensedJobs.parse(rows);
    if (recordFile !== undefined && jobs.length > 0) {
      await appendFile(recordFile, jobs.map(({ id }) => `${id}\n`).join(''));
    }
    return jobs.length;
  } catch (error) {
    log('warn', 'dispensing waits for the database', { reason: describeError(error) });
    return 0;
  }
}
