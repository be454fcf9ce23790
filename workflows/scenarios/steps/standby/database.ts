import { activities } from '../../../runbook/activities.ts';
import { runbookFailure } from '../../../runbook/failure.ts';
import { duration, plural, utc } from '../../../runbook/format.ts';
import { action, check } from '../../../runbook/runbook.ts';

/** Makes a database of its own on the standby server and loads the backup into it. */
export const rebuildDatabase = action({
  id: 'rebuild-database',
  title: 'Build a fresh database from the backup',
  phase: 'preparing',
  expected: (policy) => policy.expected.restoreOwnBackup,
  undo: {
    inForce: 'a standby database exists',
    title: 'Drop the standby database',
    prepare: async ({ keyPrefix }) => ({ standbyDatabase: `vendhub_standby_${keyPrefix.slice(-8)}` }),
    run: async ({ fact }) => {
      await activities.standby.dropStandbyDatabase({ database: fact('standbyDatabase') });
    },
  },
  run: async ({ policy, fact }) => ({
    standbyRestore: await activities.restoreInto.restoreBackupInto({
      backup: { kind: 'named', name: fact('standbySource').key },
      target: { variable: 'STANDBY_DATABASE_URL', database: fact('standbyDatabase') },
      maxDurationMs: policy.backups.restoreTestMaxMs,
    }),
  }),
  summary: ({ fact }) => {
    const { rows, database, restoreMs } = fact('standbyRestore');
    return `${plural(rows, 'row', 'rows')} into ${database} in ${duration(restoreMs)}`;
  },
});

/** Holds the rebuilt database against the backup and the policy's invariants. */
export const verifyStandby = check({
  id: 'verify-standby',
  title: 'Verify the rebuilt database',
  phase: 'verifying',
  run: async ({ policy, fact, note }) => {
    const { checks, snapshotAt } = fact('standbyRestore');
    const invariants = await activities.standby.checkStandbyInvariants({
      database: fact('standbyDatabase'),
      invariants: policy.invariants,
    });
    const all = [...checks.map((item) => ({ ...item, advisory: item.advisory === true })), ...invariants];
    const verification = { checks: all, tables: [], newestCommitAt: snapshotAt };
    note({ verification });
    const failed = all.filter(({ passed, advisory }) => !passed && !advisory);
    if (failed.length > 0) {
      throw runbookFailure('verification-failed', {
        happened: `${plural(failed.length, 'check', 'checks')} of ${all.length} failed: ${failed.map(({ name, found, expected }) => `${name} (found ${found}, expected ${expected})`).join('; ')}.`,
        meaning: 'The rebuilt database is not what the backup holds. Nobody uses it.',
        next: 'Retry if it was mended by hand, or abort: the standby database is dropped, and another backup can be chosen.',
      });
    }
    return { verification };
  },
  summary: ({ fact }) => {
    const { checks, newestCommitAt } = fact('verification');
    return `${checks.filter(({ passed }) => passed).length} of ${checks.length} checks passed; shows ${utc(newestCommitAt)}`;
  },
});
