import { activities } from '../../runbook/activities.ts';
import { bytes, plural, utc } from '../../runbook/format.ts';
import { action, check, type StepContext } from '../../runbook/runbook.ts';
import { lossInOneLine, surveyLoss } from './survey-loss.ts';

/** Notes what a rewind undoes besides rows, so that it can be mended afterwards. */
export const takeInventory = check({
  id: 'take-inventory',
  title: 'Note what a rewind undoes besides rows',
  phase: 'preparing',
  when: ({ destroyed }) => !destroyed,
  skippable: 'work that was already done may be done a second time, and lost grants are not noticed',
  run: async ({ policy, keyPrefix, revision }) => {
    const { jobQueues, schemas } = policy;
    const keysPrefix = `${keyPrefix}/revision-${revision}/inventory`;
    return { inventory: await activities.database.takeInventory({ jobQueues, schemas, keysPrefix }) };
  },
  summary: ({ fact }) => {
    const { cronJobs, replicationSlots, pendingJobs, grants } = fact('inventory');
    const pending = pendingJobs.reduce((sum, queue) => sum + (queue.pending ?? 0), 0);
    return `${plural(pending, 'pending job', 'pending jobs')}, ${plural(cronJobs.length, 'cron job', 'cron jobs')}, ${plural(replicationSlots.length, 'replication slot', 'replication slots')}, ${plural(grants.length, 'grant', 'grants')}`;
  },
});

/** Copies the present state of every table away, and verifies the copy, before anything is destroyed. */
export const takeSafetyCopy = action({
  id: 'take-safety-copy',
  title: 'Copy the present state to a safe place and verify the copy',
  phase: 'preparing',
  undo: null,
  skippable: 'NO SAFETY COPY: what the restore discards is gone for good',
  run: async ({ policy, keyPrefix, revision, facts }) => {
    const { maxBytes, maxDurationMs } = policy.safetyCopy;
    const key = `${keyPrefix}/revision-${revision}/safety-copy.json`;
    const { schemas } = policy;
    const tables = readableTables(facts);
    return {
      safetyCopy: await activities.backup.takeSafetyCopy({
        schemas,
        key,
        maxBytes,
        maxDurationMs,
        ...(tables === null ? {} : { tables }),
      }),
    };
  },
  summary: ({ fact }) => {
    const copy = fact('safetyCopy');
    const rows = copy.tables.reduce((sum, table) => sum + table.rows, 0);
    return `${plural(rows, 'row', 'rows')} of ${plural(copy.tables.length, 'table', 'tables')}, ${bytes(copy.bytes)}, verified, ${copy.bucket}/${copy.key}`;
  },
});

/** Without the tables that cannot be read whole, since a copy of them would fail; null for every table. */
function readableTables({ damage, estimate }: StepContext['facts']): string[] | null {
  if (damage === undefined || damage.unreadableTables.length === 0 || estimate === undefined) return null;
  return estimate.tables
    .map(({ table }) => table)
    .filter((table) => !damage.unreadableTables.includes(table));
}

/** Counts once more, now that nobody writes: what the plan promises at most to lose. */
export const countFinalLoss = check({
  id: 'count-final-loss',
  title: 'Count what the restore discards, now that nobody writes',
  phase: 'preparing',
  run: async ({ policy, environment, fact }) => {
    const { targetUnix } = fact('recoveryPoint');
    return { finalCounts: await surveyLoss(policy, environment, targetUnix) };
  },
  summary: ({ fact }) => {
    const { tables, newestCommitAt } = fact('finalCounts');
    return `${lossInOneLine(tables)}; last commit ${utc(newestCommitAt)}`;
  },
});
