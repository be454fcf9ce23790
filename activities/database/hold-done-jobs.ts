import { z } from 'zod';
import type { Reconciliation, RewindInventory } from '../../workflows/contracts/evidence.ts';
import type { JobQueue } from '../../workflows/contracts/policy.ts';
import { DrError } from '../errors.ts';
import type { DatabaseSession, ObjectStore } from '../ports.ts';
import { quoteIdentifier, quoteTable } from './identifiers.ts';
import { pendingKeys, queueExists } from './pending-jobs.ts';
import { count, readRow } from './rows.ts';

type Item = Reconciliation['items'][number];
type NotedJobs = RewindInventory['pendingJobs'][number];

function keysLost(queue: JobQueue, problem: string): DrError {
  return new DrError('reconciliation-failed', {
    happened: `The keys of jobs that were pending in ${queue.table} before the restore are ${problem}.`,
    meaning:
      'Jobs that were already done cannot be told from those still to do: a charge or dispense could happen twice.',
    next: `Set the pending jobs of ${queue.table} to "${queue.heldStatus}" by hand and look through them before the application starts.`,
  });
}

async function readNotedKeys(
  store: ObjectStore,
  queue: JobQueue,
  keysObject: string,
): Promise<readonly string[]> {
  const text = await store.getText(keysObject);
  if (text === undefined) throw keysLost(queue, 'not in the store');
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw keysLost(queue, 'not readable');
  }
  const parsed = pendingKeys.safeParse(content);
  if (!parsed.success || parsed.data.table !== queue.table || parsed.data.keyColumn !== queue.keyColumn) {
    throw keysLost(queue, 'those of something else');
  }
  return parsed.data.keys;
}

const outcome = z.object({ pending: count, held: count, gone: count });

/** One statement, so that nothing can be taken from the queue between looking and holding. */
function holding(queue: JobQueue): string {
  const table = quoteTable(queue.table);
  const key = `${quoteIdentifier(queue.keyColumn)}::text`;
  const status = quoteIdentifier(queue.statusColumn);
  return `
    WITH noted AS (SELECT jsonb_array_elements_text($1::jsonb) AS key),
         held AS (UPDATE ${table} SET ${status} = $3
                   WHERE ${status}::text = $2 AND ${key} NOT IN (SELECT key FROM noted) RETURNING 1)
    SELECT (SELECT count(*) FROM ${table} WHERE ${status}::text = $2) AS pending,
           (SELECT count(*) FROM held) AS held,
           (SELECT count(*) FROM noted WHERE key NOT IN
             (SELECT ${key} FROM ${table} WHERE ${quoteIdentifier(queue.keyColumn)} IS NOT NULL)) AS gone`;
}

/**
 * Holds the jobs that are pending now but were not before the restore: they were done once, and the rewind forgot it.
 * A job that was pending before and is again is left to run. Safe to repeat: held jobs are not pending any more.
 *
 * @param noted the queue as the inventory before the restore found it
 * @returns how many jobs came back as pending, were held, or are gone because they are newer than the target
 * @throws DrError `reconciliation-failed` (not retried) where the noted keys are gone; `database-unreachable` or
 *   `store-unavailable` (retried), `database-query-failed`, `store-refused`
 */
export async function holdDoneJobs(
  session: DatabaseSession,
  store: ObjectStore,
  queue: JobQueue,
  noted: NotedJobs | undefined,
): Promise<Item> {
  const what = `job queue ${queue.table}`;
  if (!(await queueExists(session, queue))) {
    const existed = noted !== undefined && noted.keysObject !== null;
    return {
      what,
      found: existed ? 'its table is gone' : 'no such table',
      mended: null,
      needsPerson: existed,
    };
  }
  if (noted === undefined) throw keysLost(queue, 'not part of the inventory');
  // No table before the restore: whatever is pending in the one that came back was not pending then.
  const keys = noted.keysObject === null ? [] : await readNotedKeys(store, queue, noted.keysObject);
  const { pending, held, gone } = await readRow(session, outcome, holding(queue), [
    JSON.stringify(keys),
    queue.pendingStatus,
    queue.heldStatus,
  ]);
  const lost = gone === 0 ? '' : `; ${gone} pending before the restore are newer than the target and gone`;
  return {
    what,
    found: `${pending} pending, ${held} of them were already done before the restore${lost}`,
    mended:
      held === 0
        ? null
        : `${held} set to "${queue.heldStatus}", to be looked through before any of them is released`,
    needsPerson: false,
  };
}
