import { z } from 'zod';
import type { DatabaseSession } from '../ports.ts';
import { count, readRow } from './rows.ts';

const counted = z.object({ rows: count, settled: count, kept: count, doubted: count, largest: count });

const counting = (relation: string) => `
  SELECT coalesce(sum(n), 0) AS rows,
         coalesce(sum(n) FILTER (WHERE writer > age(($1::xid8)::xid)), 0) AS settled,
         coalesce(sum(n) FILTER (WHERE writer > age(($2::xid8)::xid)), 0) AS kept,
         coalesce(sum(n) FILTER (WHERE writer > age(($3::xid8)::xid)), 0) AS doubted,
         coalesce(max(n) FILTER (WHERE writer <= age(($2::xid8)::xid)), 0) AS largest
    FROM (SELECT age(xmin) AS writer, count(*) AS n FROM ONLY ${relation} GROUP BY xmin) AS writers`;

const snapshot = `
  SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS "settledBefore",
         ceil(extract(epoch FROM clock_timestamp()) * 1000)::bigint AS "takenAtMs"`;

/** The id below which every transaction has ended, of the snapshot that the session is in, and when (Unix ms, server's clock). */
export const readSettled = (session: DatabaseSession) =>
  readRow(session, z.object({ settledBefore: z.string(), takenAtMs: count }), snapshot);

/**
 * Counts the rows of one relation. A row carries the id of the transaction that wrote it as it is. Rows below an id below
 * which all had ended are a set that only deletions and changes make smaller: what is missing of it later was deleted or
 * changed, whatever was inserted meanwhile.
 *
 * @param relation quoted
 * @param bounds ids of one history of one server; `settled`, `kept` and `doubted` are the rows below each, `largest` is
 *   the most that one transaction from `held` on wrote
 * @throws DrError `database-unreachable` (retried), `database-query-failed`
 */
export function countSettled(
  session: DatabaseSession,
  relation: string,
  bounds: { readonly now: string; readonly held: string; readonly doubted: string },
) {
  return readRow(session, counted, counting(relation), [bounds.now, bounds.held, bounds.doubted]);
}
