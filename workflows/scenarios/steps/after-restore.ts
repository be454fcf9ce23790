import type { RewindInventory } from '../../contracts/evidence.ts';
import { activities } from '../../runbook/activities.ts';
import { runbookFailure } from '../../runbook/failure.ts';
import { count, plural, utc } from '../../runbook/format.ts';
import { action, check, manual } from '../../runbook/runbook.ts';

/** Verifies the restored data; nobody may write before it has passed. */
export const verifyData = check({
  id: 'verify-data',
  title: 'Verify the restored data',
  phase: 'verifying',
  run: async ({ policy, fact, facts, note }) => {
    const { schemas, timestampColumns, invariants } = policy;
    const verification = await activities.database.verifyRestored({
      targetUnix: fact('recoveryPoint').targetUnix,
      before: fact('finalCounts'),
      alreadyRewound: facts.countsBeforeRewind !== undefined,
      invariants,
      schemas,
      timestampColumns,
    });
    note({ verification });
    const failed = verification.checks.filter((item) => !item.passed && !item.advisory);
    if (failed.length > 0) {
      throw runbookFailure('verification-failed', {
        happened: `${plural(failed.length, 'check', 'checks')} of ${verification.checks.length} failed: ${failed.map((item) => `${item.name} (found ${item.found}, expected ${item.expected})`).join('; ')}.`,
        meaning:
          'The restored data is not what it should be. The database stays fenced; nobody writes to it.',
        next: 'Replan with another recovery point, retry if it was mended by hand, or abort and leave it fenced.',
      });
    }
    return { verification };
  },
  summary: ({ fact }) => {
    const { checks, newestCommitAt } = fact('verification');
    const passed = checks.filter((item) => item.passed).length;
    return `${passed} of ${checks.length} checks passed${passed < checks.length ? ', the rest a person must judge' : ''}; newest commit ${utc(newestCommitAt)}`;
  },
});

/** A person looks at what came back: no invariant knows that it is the wrong moment. */
export const confirmRestoredData = manual({
  id: 'confirm-restored-data',
  title: 'Look at the restored data and confirm that it is what was wanted',
  phase: 'verifying',
  when: ({ policy, facts }) =>
    policy.restore.confirmBeforeResume || facts.verification?.checks.some((item) => !item.passed) === true,
  facts: ({ fact }) => {
    const { tables, newestCommitAt, checks } = fact('verification');
    return [
      {
        label: 'Verified',
        value: `${checks.filter((item) => item.passed).length} of ${checks.length} checks passed`,
      },
      ...checks
        .filter((item) => !item.passed)
        .map((item) => ({
          label: 'JUDGE THIS',
          value: `${item.name}: found ${item.found}, expected ${item.expected}`,
        })),
      { label: 'Newest commit', value: utc(newestCommitAt) },
      ...tables.map(({ table, rows, broughtBack, discarded }) => ({
        label: table,
        value: `${rows} rows, ${count(broughtBack)} brought back, ${count(discarded)} discarded`,
      })),
      { label: 'After this', value: 'users write again, and another restore would lose what they write' },
    ];
  },
});

/** Lists and mends what the rewind undid besides rows, before anybody works on it. */
export const reconcile = action({
  id: 'reconcile',
  title: 'Mend what the rewind undid besides rows',
  phase: 'verifying',
  undo: null,
  run: async ({ policy, facts }) => {
    const { schemas, jobQueues, applicationRoles, fileReferences } = policy;
    const reconciliation = await activities.database.reconcileAfterRewind({
      inventory: facts.inventory ?? noInventory,
      schemas,
      jobQueues,
      applicationRoles,
      fileReferences,
    });
    return { reconciliation };
  },
  skippable:
    'what the rewind undid stays undone: the application may not be able to log in, or do work twice',
  summary: ({ fact }) => {
    const { items } = fact('reconciliation');
    const mended = items.filter((item) => item.mended !== null);
    const open = items.filter((item) => item.needsPerson);
    return `${plural(items.length, 'thing', 'things')} looked at, ${mended.length} mended (${mended.map(({ what }) => what).join(', ') || 'none'}), ${open.length} for a person (${open.map(({ what }) => what).join(', ') || 'none'})`;
  },
});

const noInventory: RewindInventory = { cronJobs: [], replicationSlots: [], pendingJobs: [], grants: [] };
