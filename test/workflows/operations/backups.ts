import { Context } from '@temporalio/activity';
import { DrError } from '../../../activities/errors.ts';
import type { VaultActivities } from '../../../activities/vault/index.ts';
import type { ScheduleSpec } from '../../../workflows/contracts/operations.ts';

/** How backups go from now on. */
export interface BackupsWork {
  /** Why each is refused; none is when absent. */
  refusal?: string;
  /** How long each takes, ms. */
  takesMs?: number;
  /** The schedules of the policy. */
  schedules?: readonly ScheduleSpec[];
}

/** Stands in for the vault: a backup of one table at two locations, or a refusal. */
export function backupsThat(work: BackupsWork): Pick<VaultActivities, 'storeBackup'> {
  return {
    storeBackup: async ({ kind, at }) => {
      if (work.takesMs !== undefined) await Context.current().sleep(work.takesMs);
      if (work.refusal !== undefined) {
        throw new DrError('store-refused', {
          happened: work.refusal,
          meaning: 'The backup was not stored.',
          next: 'Look at the rights of the key.',
        });
      }
      const stored = { stored: true, how: 'exported' } as const;
      return {
        backup: {
          key: `${kind}/backup.json.gz.enc`,
          bytes: 1_234_567,
          sha256: '0'.repeat(64),
          exportBytes: 5_000_000,
          snapshotAt: at,
          lsn: '0/1',
          tables: [{ table: 'public.users', rows: 250 }],
          locations: [
            { location: 'local', ...stored },
            { location: 's3', ...stored },
          ],
        },
        copies: [],
        leftovers: [],
      };
    },
  };
}
