import { z } from 'zod';
import type { SettledRows, TableCounters } from '../../workflows/contracts/settled-rows.ts';
import type { DatabaseSession } from '../ports.ts';
import { countSettled, readSettled } from './count-settled.ts';
import { count, readRow } from './rows.ts';
import { inSavepoint } from './snapshot.ts';
import { saysUnreadable } from './sql-state.ts';
import type { CountedTable } from './tables.ts';

/**
 * Counts a table's settled rows in the snapshot that the session is in. A partitioned table has none: changed rows may
 * move from one partition to another, which counts as deleting them.
 *
 * @param counters of the table, read before the snapshot was taken; undefined where they tell nothing
 * @returns undefined where it is not asked for, or where the table is too large or not readable
 * @throws DrError `database-unreachable` (retried), `database-query-failed`
 */
export async function settledOf(
  session: DatabaseSession,
  { relations }: CountedTable,
  { settledUpToBytes }: { readonly settledUpToBytes?: number },
  counters: TableCounters | undefined,
): Promise<SettledRows | undefined> {
  const [relation] = relations;
  if (settledUpToBytes === undefined || counters === undefined || relation === undefined) return undefined;
  const size = z.object({ bytes: count });
  const { bytes } = await readRow(session, size, 'SELECT pg_relation_size($1::regclass) AS bytes', [
    relation,
  ]);
  if (bytes > settledUpToBytes) return undefined;
  const { settledBefore: now } = await readSettled(session);
  try {
    const { settled } = await inSavepoint(session, () =>
      countSettled(session, relation, { now, held: now, doubted: now }),
    );
    return { settledBefore: now, settledRows: settled, counters };
  } catch (error) {
    if (saysUnreadable(error)) return undefined;
    throw error;
  }
}
