import { z } from 'zod';
import { DrError } from '../errors.ts';
import type { DatabaseSession } from '../ports.ts';
import { foreignKeysOf, orphanQuery } from './import-foreign-keys.ts';
import type { TargetTable } from './import-target.ts';
import { qualifiedName, quoteIdentifier } from './quote.ts';

/** What a load has switched off, and how it is switched on again. */
export interface StilledTriggers {
  /** Switches all on again and makes sure that every row refers to one that is there. Before the commit. */
  restore(): Promise<void>;
}

/**
 * Lets rows be loaded in any order and as they were: triggers of the tables do not fire (they have fired when the rows
 * were written first), and foreign keys are judged when all rows are there, so that cycles do no harm.
 *
 * A role that may do so loads as a replica, which leaves the keys out and has them checked by one query each; any other
 * owner of the tables disables the triggers and defers the keys, which is slower. Both are part of the transaction.
 */
export async function stillTriggers(
  session: DatabaseSession,
  targets: readonly TargetTable[],
): Promise<StilledTriggers> {
  const keys = await foreignKeysOf(session, targets);
  if (!keys.some(({ temporal }) => temporal) && (await becomeReplica(session))) {
    return {
      restore: async () => {
        await session.query('SET LOCAL session_replication_role = origin');
        for (const key of keys.filter(({ valid }) => valid)) {
          const { rowCount } = await session.query(orphanQuery(key));
          if (rowCount > 0) throw orphansFound(key.name, key.table);
        }
      },
    };
  }
  const enable = await disableUserTriggers(session, targets);
  const defer = keys.filter(({ deferrable }) => !deferrable);
  for (const key of defer) {
    await session.query(alterKey(key, 'DEFERRABLE INITIALLY DEFERRED'));
  }
  await session.query('SET CONSTRAINTS ALL DEFERRED');
  return {
    restore: async () => {
      await session.query('SET CONSTRAINTS ALL IMMEDIATE');
      for (const key of defer) await session.query(alterKey(key, 'NOT DEFERRABLE'));
      for (const sql of enable) await session.query(sql);
    },
  };
}

const alterKey = ({ table, name }: { table: string; name: string }, as: string) =>
  `ALTER TABLE ${table} ALTER CONSTRAINT ${quoteIdentifier(name)} ${as}`;

async function becomeReplica(session: DatabaseSession): Promise<boolean> {
  await session.query('SAVEPOINT replica');
  try {
    await session.query('SET LOCAL session_replication_role = replica');
    await session.query('RELEASE SAVEPOINT replica');
    return true;
  } catch (error) {
    if (!(error instanceof DrError) || error.type !== 'database-query-failed') throw error;
    await session.query('ROLLBACK TO SAVEPOINT replica');
    return false;
  }
}

const triggerRow = z.object({ oid: z.string(), name: z.string(), enabled: z.enum(['O', 'R', 'A']) });
const enableAs = { O: 'ENABLE', R: 'ENABLE REPLICA', A: 'ENABLE ALWAYS' } as const;

/** @returns SQL that enables each again as it was */
async function disableUserTriggers(
  session: DatabaseSession,
  targets: readonly TargetTable[],
): Promise<readonly string[]> {
  const { rows } = await session.query(
    `SELECT tgrelid::text AS oid, tgname AS name, tgenabled::text AS enabled FROM pg_trigger
     WHERE tgrelid = ANY($1::oid[]) AND NOT tgisinternal AND tgenabled <> 'D' ORDER BY tgrelid, tgname`,
    [targets.map(({ oid }) => oid)],
  );
  const enable: string[] = [];
  for (const { oid, name, enabled } of z.array(triggerRow).parse(rows)) {
    const target = targets.find((candidate) => candidate.oid === oid);
    if (target === undefined) continue;
    const change = (how: string) =>
      `ALTER TABLE ONLY ${qualifiedName(target)} ${how} TRIGGER ${quoteIdentifier(name)}`;
    await session.query(change('DISABLE'));
    enable.push(change(enableAs[enabled]));
  }
  return enable;
}

function orphansFound(key: string, table: string): DrError {
  return new DrError('verification-failed', {
    happened: `Rows of ${table} would refer to rows that are not there (foreign key ${key}).`,
    meaning: 'Nothing was changed.',
    next: 'Load the tables that they refer to as well.',
  });
}
