import { Context } from '@temporalio/activity';
import { DrError } from '../../../../activities/errors.ts';
import type { ErasableObjectStore } from '../../../../activities/ports.ts';
import type { VaultActivities } from '../../../../activities/vault/index.ts';
import { createKeyring } from '../../../../activities/vault/keyring.ts';
import { validateBackups } from '../../../../activities/vault/validate-backups.ts';
import { environmentIs } from './environment.ts';

type Used = Pick<
  VaultActivities,
  | 'storeBackup'
  | 'validateBackups'
  | 'locationNames'
  | 'planBackupRotation'
  | 'applyBackupRotation'
  | 'storeConfiguration'
>;

/** Stands in for the vault: says what one says that keeps backups, without a database. An empty one is real. */
export function standInVault(emptyStore: ErasableObjectStore): Used {
  const empty = {
    locations: [{ name: 'local', store: emptyStore }],
    keyring: createKeyring({ passphrase: async () => 'a passphrase of the test' }),
  };
  const { signal } = new AbortController();
  return {
    storeBackup: async ({ kind, at }) => {
      if (environmentIs('unwilling')) {
        throw new DrError('store-refused', {
          happened: 'The object store refused the write.',
          meaning: 'The backup was not stored.',
          next: 'Look at the rights of the key.',
        });
      }
      if (environmentIs('slow')) {
        Context.current().heartbeat({ doing: 'exporting', bytes: 45_000_000 });
        await Context.current().sleep('1 hour');
      }
      const stored = { stored: true, how: 'exported' } as const;
      const failed = { type: 'store-unavailable', message: 'The disk is full.' };
      return {
        backup: {
          key: `${kind}/backup-${at.slice(0, 10)}.json.gz.enc`,
          bytes: 1_234_567,
          sha256: '0'.repeat(64),
          exportBytes: 5_000_000,
          snapshotAt: at,
          lsn: '0/1',
          tables: [{ table: 'public.users', rows: 250 }],
          locations: [
            { location: 'local', ...stored },
            environmentIs('disk-full')
              ? { location: 's3', stored: false, failure: failed }
              : { location: 's3', ...stored },
          ],
        },
        copies: [],
        leftovers: [],
      };
    },
    validateBackups: async (input) =>
      environmentIs('no-backups')
        ? validateBackups(empty, input, { signal, progress: () => undefined })
        : [
            sound('own export present (local)', 'recent/backup-2025-11-29T031500Z.json.gz.enc'),
            sound('checksum right and decryptable (local)', 'recent/backup-2025-11-29T031500Z.json.gz.enc'),
            sound('own export fresh', '12 min old (shows 2025-11-29T03:15:00.123456Z)'),
            sound('own export of reasonable size', '1234567 bytes'),
            sound('second copy equal (s3)', 'recent/backup-2025-11-29T031500Z.json.gz.enc'),
          ],
    locationNames: async () => ['local', 's3'],
    planBackupRotation: async () => ({
      keep: [{ key: 'daily/backup-2025-11-29.json.gz.enc', bytes: 1, why: 'one of 30 days' }],
      remove: [{ key: 'daily/backup-2025-10-29.json.gz.enc', bytes: 1, why: 'older than 30 days' }],
    }),
    applyBackupRotation: async () => ({ removed: ['daily/backup-2025-10-29.json.gz.enc'], refused: [] }),
    storeConfiguration: async () => [
      { location: 'local', how: 'stored', key: 'configuration/env.production.enc' },
      { location: 's3', how: 'unchanged', key: 'configuration/env.production.enc' },
    ],
  };
}

function sound(name: string, found: string) {
  return { name, passed: true, found, expected: 'as it is' };
}
