import { z } from 'zod';
import type { Reconciliation } from '../../workflows/contracts/evidence.ts';
import type { DatabaseSession } from '../ports.ts';
import { quoteIdentifier } from './identifiers.ts';
import { readRow, readRows } from './rows.ts';
import { describeFailedRead } from './sql-state.ts';

const owned = `
  SELECT format('%I.%I', sn.nspname, s.relname) AS sequence, format('%I.%I', tn.nspname, t.relname) AS "table",
         a.attname AS "column"
    FROM pg_class s JOIN pg_namespace sn ON sn.oid = s.relnamespace
    JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = s.oid AND d.deptype IN ('a', 'i')
     AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0
    JOIN pg_class t ON t.oid = d.refobjid JOIN pg_namespace tn ON tn.oid = t.relnamespace
    JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
    JOIN pg_sequence kind ON kind.seqrelid = s.oid AND kind.seqincrement > 0 AND NOT kind.seqcycle
   WHERE s.relkind = 'S' AND sn.nspname = ANY ($1::text[]) ORDER BY 1`;

const ownedSequence = z.object({ sequence: z.string(), table: z.string(), column: z.string() });

/**
 * Looks whether any sequence lies behind the rows it numbered. None should: a sequence writes ahead 32 numbers at a
 * time, so a restored one is at its rows or past them, and nothing is set here. What no setting could mend is said
 * instead: numbers that went to discarded rows are given out again.
 *
 * @throws DrError `database-unreachable` (retried), `database-query-failed` where sequences cannot be listed
 */
export async function checkSequences(
  session: DatabaseSession,
  schemas: readonly string[],
): Promise<Reconciliation['items'][number]> {
  const what = 'sequences';
  try {
    const sequences = await readRows(session, ownedSequence, owned, [schemas]);
    const behind: string[] = [];
    for (const { sequence, table, column } of sequences) {
      const row = await readRow(
        session,
        z.object({ behind: z.boolean() }),
        `SELECT coalesce((SELECT max(${quoteIdentifier(column)}) FROM ${table}) > last_value, false) AS behind
           FROM ${sequence}`,
      );
      if (row.behind) behind.push(sequence);
    }
    return behind.length > 0
      ? { what, found: `behind their rows: ${behind.join(', ')}`, mended: null, needsPerson: true }
      : {
          what,
          found: `${sequences.length}, none behind its rows; numbers of discarded rows are given out again, also where others have noted them`,
          mended: null,
          needsPerson: false,
        };
  } catch (error) {
    return { what, found: describeFailedRead(error), mended: null, needsPerson: true };
  }
}
