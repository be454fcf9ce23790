import { z } from 'zod';
import type { RememberedTable } from '../../../workflows/contracts/monitoring.ts';
import { count, readRow } from '../../database/rows.ts';
import type { CountedTable } from '../../database/tables.ts';
import type { DatabaseSession } from '../../ports.ts';

/** One table as it stands now, held against how it was remembered. */
export interface TableReading {
  readonly now: RememberedTable;
  /** Settled rows of then that are not there any more as they were: deleted or changed. */
  readonly gone: number;
  /** The most rows that one transaction wrote since then. */
  readonly byOneTransaction: number;
  /** Whether the settled rows of then have another fingerprint; false where none was taken. */
  readonly altered: boolean;
}

const counted = z.object({ rows: count, settled: count, kept: count, largest: count });
const size = z.object({ bytes: count, estimate: count });

/**
 * A row carries the id of the transaction that wrote it as it is. Rows below an id below which all had ended are a set
 * that only deletions and changes make smaller: what is missing of it later was deleted or changed, whatever was
 * inserted meanwhile.
 */
const counting = (relation: string) => `
  SELECT coalesce(sum(n), 0) AS rows,
         coalesce(sum(n) FILTER (WHERE writer > age(($1::xid8)::xid)), 0) AS settled,
         coalesce(sum(n) FILTER (WHERE writer > age(($2::xid8)::xid)), 0) AS kept,
         coalesce(max(n) FILTER (WHERE writer <= age(($2::xid8)::xid)), 0) AS largest
    FROM (SELECT age(xmin) AS writer, count(*) AS n FROM ONLY ${relation} GROUP BY xmin) AS writers`;

const hashing = (relation: string) => `
  SELECT coalesce(sum(hashtextextended(r::text, 0)::numeric) FILTER (WHERE age(xmin) > age(($1::xid8)::xid)), 0)::text AS now,
         coalesce(sum(hashtextextended(r::text, 0)::numeric) FILTER (WHERE age(xmin) > age(($2::xid8)::xid)), 0)::text AS before
    FROM ONLY ${relation} AS r`;

/**
 * Reads one table. Must run in a snapshot that reads tables themselves: a page of zeros takes its rows away, and only a
 * count by index would still have them. A table that is larger than the policy reads is told by the server's own
 * estimate, which follows a deletion when autovacuum has seen it.
 *
 * @param settledBefore of the snapshot
 * @throws DrError `database-unreachable` (retried), `database-query-failed`
 */
export async function readTable(
  session: DatabaseSession,
  table: CountedTable,
  {
    before,
    settledBefore,
    unchanging,
    largestBytes,
  }: {
    readonly before: RememberedTable | undefined;
    readonly settledBefore: string;
    readonly unchanging: boolean;
    readonly largestBytes: number;
  },
): Promise<TableReading> {
  const held = before?.settledBefore ?? settledBefore;
  let rows = 0;
  let settledRows = 0;
  let kept = 0;
  let byOneTransaction = 0;
  let fingerprint: string | null = null;
  let altered = false;
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
      continue;
    }
    const found = await readRow(session, counted, counting(relation), [settledBefore, held]);
    rows += found.rows;
    settledRows += found.settled;
    kept += found.kept;
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
  return {
    now: { table: table.name, rows, settledBefore, settledRows, fingerprint },
    gone: Math.max(0, (before?.settledRows ?? 0) - kept),
    byOneTransaction,
    altered,
  };
}
