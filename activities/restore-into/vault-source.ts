import type { ErrorType } from '../../workflows/contracts/errors.ts';
import { DrError } from '../errors.ts';
import type { VaultWork } from '../vault/location.ts';
import { newestVerified } from '../vault/newest-verified.ts';
import { openBackup } from '../vault/open-backup.ts';
import type { LocationReading } from '../vault/verify-backup.ts';
import type { BackupSource } from './backup-source.ts';

/** The newest backup of one location of the vault, fetched from there and decrypted. */
export function vaultBackupSource(reading: LocationReading): BackupSource {
  return {
    async openNewest(work: VaultWork) {
      const { backup, passedOver } = await newestVerified(reading, work);
      if (backup === null) throw noBackup(passedOver);
      const { manifest, body } = await openBackup(reading, backup.key, work);
      const { snapshotAt, tables } = manifest.content;
      return {
        key: backup.key,
        snapshotAt,
        tables,
        body,
        passedOver: passedOver.map(({ key, failure }) => ({ key, reason: failure.message })),
      };
    },
  };
}

function noBackup(
  passedOver: readonly {
    readonly key: string;
    readonly failure: { readonly type: string; readonly message: string };
  }[],
): DrError {
  const [first] = passedOver;
  const type: ErrorType =
    first?.failure.type === 'store-unavailable' ? 'store-unavailable' : 'backup-invalid';
  return new DrError(type, {
    happened:
      first === undefined
        ? 'There is no backup to restore.'
        : `None of ${passedOver.length} backups can be used; the newest is "${first.key}": ${first.failure.message}`,
    meaning: 'If production were lost now, it could not be brought back from here.',
    next: 'Make a backup, check the passphrase, and look at the backups at the other locations.',
  });
}
