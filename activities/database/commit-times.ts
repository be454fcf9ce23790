import { z } from 'zod';
import { DrError } from '../errors.ts';
import type { DatabaseSession } from '../ports.ts';
import { readRow } from './rows.ts';
import { inSavepoint } from './snapshot.ts';

/** Whether the server can tell when a row's transaction was committed. */
export interface CommitTimes {
  readonly tracked: boolean;
  /** Whether every commit after the target still has its time, so that a row without one is older than the target. */
  readonly reachBackToTarget: boolean;
}

/** How many transaction ids from the oldest tracked one are looked at: an aborted one has no time. */
const lookedAt = 1000;

const settings = `
  SELECT current_setting('track_commit_timestamp')::boolean AS tracked,
         pg_postmaster_start_time() <= to_timestamp($1::double precision) AS "upSinceTarget"`;

/** One known commit at or before the target shows it: the times that are kept form one unbroken stretch. */
const reaching = `
  SELECT EXISTS (
    SELECT FROM pg_control_checkpoint() control,
                generate_series(control.oldest_commit_ts_xid::text::bigint,
                                control.oldest_commit_ts_xid::text::bigint + ${lookedAt}) AS candidate
     WHERE control.oldest_commit_ts_xid::text <> '0' AND candidate % 4294967296 >= 3
       AND pg_xact_commit_timestamp((candidate % 4294967296)::text::xid) <= to_timestamp($1::double precision)
  ) AS reaching`;

/** A provider may keep `pg_control_checkpoint` from the operator: then it is not known, which counts as no. */
async function isKnownToReachBack(session: DatabaseSession, targetUnix: number): Promise<boolean> {
  try {
    const row = await inSavepoint(session, () =>
      readRow(session, z.object({ reaching: z.boolean() }), reaching, [targetUnix]),
    );
    return row.reaching;
  } catch (error) {
    if (error instanceof DrError && error.type === 'database-query-failed') return false;
    throw error;
  }
}

/**
 * Asks the server what it knows about commit times. A commit's time is the one by which a point-in-time restore
 * decides, so rows are told apart exactly as the restore will. Must run in a snapshot.
 *
 * @param targetUnix integer UTC second
 * @throws DrError `database-unreachable` (retried), `database-query-failed`
 */
export async function readCommitTimes(session: DatabaseSession, targetUnix: number): Promise<CommitTimes> {
  const server = z.object({ tracked: z.boolean(), upSinceTarget: z.boolean() });
  const { tracked, upSinceTarget } = await readRow(session, server, settings, [targetUnix]);
  // Tracking is switched at a restart only: a server that was up at the target has tracked ever since.
  return {
    tracked,
    reachBackToTarget: tracked && (upSinceTarget || (await isKnownToReachBack(session, targetUnix))),
  };
}
