import type { RememberedTable, UnaccountedRows } from '../../../workflows/contracts/monitoring.ts';
import { readSettled } from '../../database/count-settled.ts';
import { countersCompleteTo } from '../../database/counters-complete.ts';
import { checkInvariants } from '../../database/invariants.ts';
import { inSavepoint, inSnapshot } from '../../database/snapshot.ts';
import { saysUnreadable } from '../../database/sql-state.ts';
import { readTableCounters } from '../../database/table-counters.ts';
import { listTables } from '../../database/tables.ts';
import type { DatabaseSession } from '../../ports.ts';
import { accountForRows, deletedAtLeast } from '../account-for-rows.ts';
import { judgeTables, type TableChange } from '../judge-tables.ts';
import type { Look, LookContext } from '../look.ts';
import type { Reading } from '../reading.ts';
import { wholePages } from './checksums.ts';
import { newestBaseline } from './newest-baseline.ts';
import { readTable } from './read-table.ts';

const mostNamed = 5;
const wasAsked = /^\d+ violations$/;

/**
 * Rows that went missing, and rows that are not what they may be, in one snapshot. Each table is held against the last
 * look at which nothing of it was missing, at first against the newest recorded baseline; of a table
 * with a page that cannot be read the damage is told, and nothing else. Rows that nobody deleted are told as damage as
 * soon as that is certain; that they are missing is told meanwhile, and goes on being told.
 */
export async function probeTables(session: DatabaseSession, context: LookContext): Promise<Look> {
  const { policy } = context.dependencies;
  const { monitor, memory } = context;
  const baseline = await newestBaseline(context);
  // In this order: what was committed by then is counted in the counters, and what they count was there to be read.
  const completeToMs = await countersCompleteTo(session);
  const counters = await readTableCounters(session, policy.schemas);
  return inSnapshot(session, async () => {
    const { settledBefore, takenAtMs } = await readSettled(session);
    const tables = await listTables(session, policy.schemas, []);
    const remembered: RememberedTable[] = [];
    const changes: TableChange[] = [];
    const unreadable: string[] = [];
    const doubts: UnaccountedRows[] = [];
    const lost: string[] = [];
    for (const table of tables) {
      const before = memory.tables.find((one) => one.table === table.name);
      const doubt = memory.unaccounted?.find((one) => one.table === table.name);
      const recorded = baseline.find((one) => one.table === table.name);
      const counted = counters.get(table.name);
      // Ids and counters of another history say nothing here.
      const settled = recorded?.settled?.counters.since === counted?.since ? recorded?.settled : undefined;
      const earlier = before ?? settled;
      try {
        const { now, doubtedGone, ...change } = await inSavepoint(session, () =>
          readTable(session, table, {
            before: earlier,
            doubted: doubt,
            settledBefore,
            counters: counted,
            unchanging: monitor.unchangingTables.includes(table.name),
            largestBytes: monitor.largestReadTable,
          }),
        );
        remembered.push(now);
        const account = accountForRows(
          {
            table: table.name,
            before: earlier,
            gone: change.gone,
            doubt,
            doubtedGone,
            counters: now.counters,
          },
          { completeToMs, seenAtMs: takenAtMs, atLeast: monitor.missingRecords.atLeast },
        );
        if (account.doubt !== undefined) doubts.push(account.doubt);
        if (account.lost > 0) lost.push(`${account.lost} rows of ${table.name}`);
        changes.push({
          table: table.name,
          rows: now.rows,
          ...change,
          before: before ?? recorded,
          ...(before === undefined &&
            recorded !== undefined && {
              days: recorded.days,
              deleted: deletedAtLeast(change.gone, settled?.counters, now.counters),
            }),
        });
      } catch (error) {
        if (!saysUnreadable(error)) throw error;
        unreadable.push(table.name);
        if (doubt !== undefined) doubts.push(doubt);
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
        ...(unreadable.length > 0
          ? [damaged(`The server cannot read pages of ${unreadable.join(', ')}.`)]
          : []),
        ...(lost.length > 0
          ? [damaged(`Nobody deleted or changed ${lost.join(', ')}, and they are gone: pages were lost.`)]
          : []),
      ],
      // What they are held against moves on only while all is well; a table that is unreadable keeps its own.
      memory: {
        unaccounted: doubts,
        tables: bad
          ? memory.tables.map((one) => noted(one, tablesWithMissing))
          : [...remembered, ...memory.tables.filter(({ table }) => unreadable.includes(table))],
      },
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

function damaged(found: string): Reading {
  return { signal: 'checksum-failures', verdict: 'bad', found, expected: wholePages };
}

const notRead = (tables: readonly string[]) => `not known: ${tables.join(', ')} cannot be read whole`;
