import { z } from 'zod';
import type { RememberedTable } from '../../../workflows/contracts/monitoring.ts';
import { checkInvariants } from '../../database/invariants.ts';
import { readRow } from '../../database/rows.ts';
import { inSavepoint, inSnapshot } from '../../database/snapshot.ts';
import { saysUnreadable } from '../../database/sql-state.ts';
import { listTables } from '../../database/tables.ts';
import { readBaseline } from '../../evidence/baselines.ts';
import type { DatabaseSession } from '../../ports.ts';
import { judgeTables, type TableChange } from '../judge-tables.ts';
import type { Look, LookContext } from '../look.ts';
import type { Reading } from '../reading.ts';
import { wholePages } from './checksums.ts';
import { readTable } from './read-table.ts';

const mostNamed = 5;
const snapshotXmin = 'SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS xmin';
const wasAsked = /^\d+ violations$/;

/**
 * Rows that went missing, and rows that are not what they may be, in one snapshot. Each table is held against the last
 * look at which nothing of it was missing, at first against the newest recorded baseline; of a table
 * with a page that cannot be read the damage is told, and nothing else.
 */
export async function probeTables(session: DatabaseSession, context: LookContext): Promise<Look> {
  const { policy } = context.dependencies;
  const { monitor, memory } = context;
  const baseline = await newestBaseline(context);
  return inSnapshot(session, async () => {
    const { xmin } = await readRow(session, z.object({ xmin: z.string() }), snapshotXmin);
    const tables = await listTables(session, policy.schemas, []);
    const remembered: RememberedTable[] = [];
    const changes: TableChange[] = [];
    const unreadable: string[] = [];
    for (const table of tables) {
      const before = memory.tables.find((one) => one.table === table.name);
      try {
        const { now, ...change } = await inSavepoint(session, () =>
          readTable(session, table, {
            before,
            settledBefore: xmin,
            unchanging: monitor.unchangingTables.includes(table.name),
            largestBytes: monitor.largestReadTable,
          }),
        );
        remembered.push(now);
        const recorded = baseline.find((one) => one.table === table.name);
        changes.push({ table: table.name, rows: now.rows, ...change, before: before ?? recorded });
      } catch (error) {
        if (!saysUnreadable(error)) throw error;
        unreadable.push(table.name);
      }
    }
    for (const before of [...memory.tables, ...baseline]) {
      const there = tables.some(({ name }) => name === before.table);
      if (there || changes.some(({ table }) => table === before.table)) continue;
      changes.push({ table: before.table, before, rows: 0, gone: 0, byOneTransaction: 0, altered: false });
    }
    const violated = (await checkInvariants(session, policy.invariants)).filter(({ passed }) => !passed);
    const { missing, inconsistent, tablesWithMissing } = judgeTables(changes, monitor);
    const broken = violated
      .filter(({ found }) => wasAsked.test(found))
      .map(({ name, found }) => `${name}: ${found}`);
    const bad = missing.length > 0 || inconsistent.length > 0;
    return {
      readings: [
        missingRecords(missing, unreadable, changes.length),
        inconsistentData([...inconsistent, ...broken], unreadable),
        ...(unreadable.length > 0 ? [damaged(unreadable)] : []),
      ],
      // What they are held against moves on only while all is well; a table that is unreadable keeps its own.
      ...(bad
        ? { memory: { tables: memory.tables.map((one) => noted(one, tablesWithMissing)) } }
        : {
            memory: {
              tables: [...remembered, ...memory.tables.filter(({ table }) => unreadable.includes(table))],
            },
          }),
    };
  });
}

function noted(table: RememberedTable, tablesWithMissing: readonly string[]): RememberedTable {
  return tablesWithMissing.includes(table.table) ? { ...table, wentMissing: true } : table;
}

function missingRecords(missing: readonly string[], unreadable: readonly string[], tables: number): Reading {
  const base = { signal: 'missing-records', expected: 'the rows that were there, but for a few' } as const;
  if (missing.length > 0) {
    return { ...base, verdict: 'bad', found: `Missing: ${missing.slice(0, mostNamed).join(', ')}.` };
  }
  if (unreadable.length > 0) return { ...base, verdict: 'unknown', found: notRead(unreadable) };
  return { ...base, verdict: 'good', found: `Nothing is missing of ${tables} tables.` };
}

function inconsistentData(problems: readonly string[], unreadable: readonly string[]): Reading {
  const base = {
    signal: 'inconsistent-data',
    expected: 'no invariant violated, and no table changed as a whole',
  } as const;
  if (problems.length > 0) {
    return { ...base, verdict: 'bad', found: `${problems.slice(0, mostNamed).join('; ')}.` };
  }
  if (unreadable.length > 0) return { ...base, verdict: 'unknown', found: notRead(unreadable) };
  return { ...base, verdict: 'good', found: 'Every invariant holds.' };
}

function damaged(unreadable: readonly string[]): Reading {
  return {
    signal: 'checksum-failures',
    verdict: 'bad',
    found: `The server cannot read pages of ${unreadable.join(', ')}.`,
    expected: wholePages,
  };
}

const notRead = (tables: readonly string[]) => `not known: ${tables.join(', ')} cannot be read whole`;

/** Needed for tables that no look has seen yet. One that cannot be read is done without, as a recovery does. */
async function newestBaseline({ dependencies: { store }, environment, memory, at }: LookContext) {
  if (memory.tables.length > 0) return [];
  const atOrBeforeUnix = Math.floor(Date.parse(at) / 1000);
  const baseline = await readBaseline(store, { environment, atOrBeforeUnix });
  if (baseline === null) return [];
  return memory.acceptedAt !== null && baseline.takenAt <= memory.acceptedAt ? [] : baseline.tables;
}
