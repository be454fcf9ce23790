import { z } from 'zod';
import type { DamageFinding } from '../../workflows/contracts/evidence.ts';
import type { DatabaseSession } from '../ports.ts';
import { withHeartbeat } from './heartbeat.ts';
import { readRow, readRows } from './rows.ts';
import { inSavepoint } from './snapshot.ts';
import { describeFailedRead, saysUnreadable, sqlState } from './sql-state.ts';

/** What PostgreSQL's own checker found. */
export interface AmcheckResult {
  readonly findings: readonly DamageFinding[];
  /** Why it, or a part of it, could not run. */
  readonly notExamined: readonly string[];
}

const installed = `SELECT n.nspname AS schema FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
  WHERE e.extname = 'amcheck'`;

const relations = `
  SELECT format('%s.%s', n.nspname, coalesce(t.relname, c.relname)) AS "table", c.oid::regclass::text AS relation,
         c.relkind = 'i' AS index
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_index i ON i.indexrelid = c.oid LEFT JOIN pg_class t ON t.oid = i.indrelid
    LEFT JOIN pg_am am ON am.oid = c.relam
   WHERE n.nspname = ANY ($1::text[]) AND c.relpersistence <> 't'
     AND (c.relkind = 'r' OR (c.relkind = 'i' AND am.amname = 'btree' AND i.indisvalid AND i.indisready))
   ORDER BY 1, 3, 2`;

const relation = z.object({ table: z.string(), relation: z.string(), index: z.boolean() });

/** SQLSTATE of a function that the operator may not run. */
const insufficientPrivilege = '42501';

/**
 * Runs `bt_index_check` over every B-tree index, with the rows that it must hold, and `verify_heapam` over every table,
 * where the extension `amcheck` is installed. Must run in a snapshot.
 *
 * @throws DrError `database-unreachable` (retried), `database-query-failed`
 */
export async function runAmcheck(
  session: DatabaseSession,
  schemas: readonly string[],
): Promise<AmcheckResult> {
  const [extension] = await readRows(session, z.object({ schema: z.string() }), installed);
  if (extension === undefined) {
    return {
      findings: [],
      notExamined: [
        'indexes and tables by amcheck: the extension is not installed (CREATE EXTENSION amcheck)',
      ],
    };
  }
  const inExtension = await readRow(
    session,
    z.object({ name: z.string() }),
    'SELECT quote_ident($1) AS name',
    [extension.schema],
  );
  const findings: DamageFinding[] = [];
  for (const target of await readRows(session, relation, relations, [schemas])) {
    try {
      findings.push(...(await examine(session, inExtension.name, target)));
    } catch (error) {
      if (sqlState(error) === insufficientPrivilege) {
        return {
          findings,
          notExamined: ['indexes and tables by amcheck: the operator may not run its functions'],
        };
      }
      throw error;
    }
  }
  return { findings, notExamined: [] };
}

async function examine(
  session: DatabaseSession,
  schema: string,
  { table, relation: name, index }: z.output<typeof relation>,
): Promise<DamageFinding[]> {
  try {
    return await withHeartbeat(`checking ${name}`, () =>
      inSavepoint(session, async () => {
        if (index) {
          await session.query(
            `SELECT ${schema}.bt_index_check(index => $1::regclass, heapallindexed => true)`,
            [name],
          );
          return [];
        }
        const problems = await readRows(
          session,
          z.object({ block: z.coerce.number(), problem: z.string() }),
          `SELECT blkno AS block, msg AS problem FROM ${schema}.verify_heapam($1::regclass, on_error_stop => true)`,
          [name],
        );
        return problems.map(({ block, problem }) => ({
          table,
          found: `amcheck: block ${block} of ${name}: ${problem}`,
          proves: true,
        }));
      }),
    );
  } catch (error) {
    if (!saysUnreadable(error)) throw error;
    return [{ table, found: `amcheck: ${name}: ${describeFailedRead(error)}`, proves: true }];
  }
}
