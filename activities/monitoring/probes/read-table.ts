import { z } from 'zod';
import type { RememberedTable } from '../../../workflows/contracts/monitoring.ts';
import type { TableCounters } from '../../../workflows/contracts/settled-rows.ts';
import { countSettled } from '../../database/count-settled.ts';
import { count, readRow } from '../../database/rows.ts';
import type { CountedTable } from '../../database/tables.ts';
import type { DatabaseSession } from '../../ports.ts';

/** One table as it stands now, held against how it was remembered. */
export interface TableReading {
  readonly now: RememberedTable;
  /** Settled rows of then that are not there any more as they were: deleted or changed. */
  readonly gone: number;
  /** The same of the rows that are doubted. */
  readonly doubtedGone: number;
  /** The most rows that one transaction wrote since then. */
  readonly byOneTransaction: number;
  /** Whether the settled rows of then have another fingerprint; false where none was taken. */
  readonly altered: boolean;
}

/** A set of rows of an earlier look, or of a recorded baseline. */
type EarlierRows = Pick<RememberedTable, 'settledBefore' | 'settledRows'>;

/** What a table is read for. */
export interface TableQuestion {
  readonly before: (EarlierRows & Partial<RememberedTable>) | undefined;
  /** Rows that went away and are not accounted for. */
  readonly doubted: EarlierRows | undefined;
  /** Of the snapshot. */
  readonly settledBefore: string;
  /** Read before the snapshot was taken. */
  readonly counters: TableCounters | undefined;
  readonly unchanging: boolean;
  readonly largestBytes: number;
}

const size = z.object({ bytes: count, estimate: count });

const hashing = (relation: string) => `
  SELECT coalesce(sum(hashtextextended(r::text, 0)::numeric) FILTER (WHERE age(xmin) > age(($1::xid8)::xid)), 0)::text AS now,
         coalesce(sum(hashtextextended(r::text, 0)::numeric) FILTER (WHERE age(xmin) > age(($2::xid8)::xid)), 0)::text AS before
    FROM ONLY ${relation} AS r`;

/**
 * Reads one table. Must run in a snapshot that reads tables themselves: a page of zeros takes its rows away, and only a
 * count by index would still have them. A table that is larger than the policy reads is told by the server's own
 * estimate, which follows a deletion when autovacuum has seen it; of its settled rows nothing is known.
 *
 * @throws DrError `database-unreachable` (retried), `database-query-failed`
 */
export async function readTable(
  session: DatabaseSession,
  table: CountedTable,
  { before, doubted, settledBefore, counters, unchanging, largestBytes }: TableQuestion,
): Promise<TableReading> {
  const held = before?.settledBefore ?? settledBefore;
  const bounds = { now: settledBefore, held, doubted: doubted?.settledBefore ?? settledBefore };
  let rows = 0;
  let settledRows = 0;
  let kept = 0;
  let doubtedKept = 0;
  let byOneTransaction = 0;
  let fingerprint: string | null = null;
  let altered = false;
  let readWhole = true;
  for (const relation of table.relations) {
    const { bytes, estimate } = await readRow(
      session,
      size,
      `SELECT pg_relation_size(oid) AS bytes,
              CASE WHEN pg_relation_size(oid) = 0 THEN 0 ELSE greatest(reltuples, 0) END::bigint AS estimate
         FROM pg_class WHERE oid = $1::regclass`,
      [relation],
    );
    if (bytes > largestBytes) {
      rows += estimate;
      readWhole = false;
      continue;
    }
    const found = await countSettled(session, relation, bounds);
    rows += found.rows;
    settledRows += found.settled;
    kept += found.kept;
    doubtedKept += found.doubted;
    byOneTransaction = Math.max(byOneTransaction, found.largest);
    if (unchanging && table.relations.length === 1) {
      const hashes = await readRow(
        session,
        z.object({ now: z.string(), before: z.string() }),
        hashing(relation),
        [settledBefore, held],
      );
      fingerprint = hashes.now;
      altered = before?.fingerprint != null && hashes.before !== before.fingerprint;
    }
  }
  const missingOf = (earlier: EarlierRows | undefined, keptRows: number) =>
    readWhole ? Math.max(0, (earlier?.settledRows ?? 0) - keptRows) : 0;
  return {
    now: {
      table: table.name,
      rows,
      settledBefore,
      settledRows,
      fingerprint,
      ...(readWhole && counters !== undefined && { counters }),
    },
    gone: missingOf(before, kept),
    doubtedGone: missingOf(doubted, doubtedKept),
    byOneTransaction,
    altered,
  };
}
