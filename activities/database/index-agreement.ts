import { z } from 'zod';
import type { VerificationCheck } from '../../workflows/contracts/evidence.ts';
import type { DatabaseSession } from '../ports.ts';
import { withHeartbeat } from './heartbeat.ts';
import { count, readRow } from './rows.ts';
import { inSavepoint } from './snapshot.ts';
import { describeFailedRead } from './sql-state.ts';
import type { CountedTable } from './tables.ts';

const preferTable = `SET LOCAL enable_seqscan = on; SET LOCAL enable_indexscan = off;
  SET LOCAL enable_indexonlyscan = off`;
const preferIndex = `SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = on;
  SET LOCAL enable_indexonlyscan = on`;

const indexed = `SELECT EXISTS (SELECT FROM pg_index
  WHERE indrelid = $1::regclass AND indisprimary AND indisvalid AND indisready) AS indexed`;

async function countBoth(session: DatabaseSession, relation: string) {
  const counting = `SELECT count(*) AS rows FROM ONLY ${relation}`;
  const rows = z.object({ rows: count });
  const byTable = await readRow(session, rows, counting);
  await session.query(preferIndex);
  const byIndex = await readRow(session, rows, counting);
  await session.query(preferTable);
  return { byTable: byTable.rows, byIndex: byIndex.rows };
}

/**
 * Holds the rows of each relation that has a primary key against what its indexes know. A page of zeros passes every
 * checksum and takes its rows away in silence, and a backup keeps it so; the index still counts them where vacuum had
 * marked the page as visible to all. Must run in a snapshot.
 *
 * @returns a failed check for each relation that differs or cannot be counted, or one passed check
 * @throws DrError `database-unreachable` (retried), `database-query-failed`
 */
export async function checkIndexAgreement(
  session: DatabaseSession,
  tables: readonly CountedTable[],
): Promise<readonly VerificationCheck[]> {
  const expected = 'as many rows in the table as in its indexes';
  const failed: VerificationCheck[] = [];
  let compared = 0;
  const relations = tables.flatMap((table) => table.relations.map((relation) => ({ table, relation })));
  for (const { table, relation } of relations) {
    const name = `table and index of ${table.relations.length === 1 ? table.name : relation}`;
    const row = await readRow(session, z.object({ indexed: z.boolean() }), indexed, [relation]);
    if (!row.indexed) continue;
    compared += 1;
    try {
      const { byTable, byIndex } = await withHeartbeat(`comparing ${name}`, () =>
        inSavepoint(session, () => countBoth(session, relation)),
      );
      if (byTable !== byIndex) {
        failed.push({
          name,
          table: table.name,
          passed: false,
          advisory: false,
          found: `${byTable} in the table, ${byIndex} in an index`,
          expected,
        });
      }
    } catch (error) {
      failed.push({
        name,
        table: table.name,
        passed: false,
        advisory: false,
        found: describeFailedRead(error),
        expected,
      });
    }
  }
  if (failed.length > 0) return failed;
  return [
    {
      name: 'tables and indexes',
      passed: true,
      advisory: false,
      found: `${compared} tables agree`,
      expected,
    },
  ];
}
