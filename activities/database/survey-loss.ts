import { z } from 'zod';
import type { TimestampColumn } from '../../workflows/contracts/policy.ts';
import type { LossSurvey } from '../../workflows/contracts/recovery-point.ts';
import type { TableCounters } from '../../workflows/contracts/settled-rows.ts';
import { readNewestMarker } from '../marker/marker-row.ts';
import type { Database, DatabaseSession } from '../ports.ts';
import { readCommitTimes } from './commit-times.ts';
import { countTable, type TableCount } from './count-table.ts';
import { withHeartbeat } from './heartbeat.ts';
import { count, readRow } from './rows.ts';
import { settledOf } from './settled-of.ts';
import { inSnapshot } from './snapshot.ts';
import { readTableCounters } from './table-counters.ts';
import { type CountedTable, listTables } from './tables.ts';

/** Row counts that were recorded earlier. */
export interface RowCountBaseline {
  /** UTC second of the snapshot they come from. */
  readonly recordedUnix: number;
  readonly tables: readonly { readonly table: string; readonly rows: number }[];
}

/** What a survey asks. */
export interface LossQuestion {
  /** Integer UTC second: later commits are what a restore discards. */
  readonly targetUnix: number;
  readonly schemas: readonly string[];
  readonly timestampColumns: readonly TimestampColumn[];
  /** Taken into account only if it was recorded at or before the target. */
  readonly baseline?: RowCountBaseline;
  /** Counts the settled rows of every table up to this size as well, bytes: a second reading of each. */
  readonly settledUpToBytes?: number;
}

const circumstances = `
  SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at,
         pg_database_size(current_database()) AS bytes`;

function rowsBroughtBack(
  question: LossQuestion,
  table: CountedTable,
  { present, discarded }: TableCount,
): number | null {
  const { baseline } = question;
  if (baseline === undefined || baseline.recordedUnix > question.targetUnix || discarded === null)
    return null;
  const recorded = baseline.tables.find((entry) => entry.table === table.name);
  return recorded === undefined ? null : Math.max(0, recorded.rows - (present - discarded));
}

/**
 * Counts every table within the snapshot that the session is in; otherwise as {@link surveyLoss}.
 *
 * @param counters read before the snapshot was taken
 */
export async function surveyWithinSnapshot(
  session: DatabaseSession,
  question: LossQuestion,
  counters: ReadonlyMap<string, TableCounters> = new Map(),
): Promise<LossSurvey> {
  const { at, bytes } = await readRow(session, z.object({ at: z.string(), bytes: count }), circumstances);
  const commitTimes = await readCommitTimes(session, question.targetUnix);
  const tables: LossSurvey['tables'][number][] = [];
  const newest: string[] = [];
  for (const table of await listTables(session, question.schemas, question.timestampColumns)) {
    const counted = await withHeartbeat(`counting ${table.name}`, () =>
      countTable(session, table, question.targetUnix, commitTimes),
    );
    const { newestCommitAt, ...loss } = counted;
    const settled = await settledOf(session, table, question, counters.get(table.name));
    if (newestCommitAt !== null) newest.push(newestCommitAt);
    tables.push({
      table: table.name,
      ...loss,
      broughtBack: rowsBroughtBack(question, table, counted),
      ...(settled !== undefined && { settled }),
    });
  }
  return {
    targetUnix: question.targetUnix,
    surveyedAt: at,
    tables,
    newestCommitAt: newest.sort().at(-1) ?? null,
    databaseBytes: bytes,
    marker: await readNewestMarker(session),
  };
}

/**
 * Counts, in one snapshot, what a restore to the target would discard and bring back. Reads only.
 *
 * A row that was updated after the target counts as discarded, although an older version of it comes back: what is
 * lost is its present content. So `present - discarded` rows exist now as they existed at the target, and a restore
 * brings at least these. `broughtBack` is the baseline's rows less these, never negative: rows deleted since, and
 * older versions of rows changed since.
 *
 * @returns rows per table (partitions with their root), the newest commit among them, the database's size in bytes, the
 *   newest recovery marker
 * @throws DrError `database-unreachable` (retried), `database-login-refused`, `database-query-failed`, also where
 *   row-level security would hide rows from the operator
 */
export function surveyLoss(database: Database, question: LossQuestion): Promise<LossSurvey> {
  return database.session(async (session) => {
    const counters =
      question.settledUpToBytes === undefined
        ? undefined
        : await readTableCounters(session, question.schemas);
    return inSnapshot(session, () => surveyWithinSnapshot(session, question, counters));
  });
}
