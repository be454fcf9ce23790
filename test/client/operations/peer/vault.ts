import { Context } from '@temporalio/activity';
import { DrError } from '../../../../activities/errors.ts';
import type { LockableObjectStore } from '../../../../activities/ports.ts';
import type { VaultActivities } from '../../../../activities/vault/index.ts';
import { createKeyring } from '../../../../activities/vault/keyring.ts';
import { validateBackups } from '../../../../activities/vault/validate-backups.ts';
import { environmentIs } from './environment.ts';

type Used = Pick<
  VaultActivities,
  | 'storeBackup'
  | 'validateBackups'
  | 'locationNames'
  | 'listEverywhere'
  | 'planBackupRotation'
  | 'applyBackupRotation'
  | 'storeConfiguration'
  | 'checkConfigurations'
>;

/** Stands in for the vault: says what one says that keeps backups, without a database. An empty one is real. */
export function standInVault(emptyStore: LockableObjectStore): Used {
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
            environmentIs('disk-full') || (environmentIs('busy-bucket') && isFirstCall())
              ? { location: 's3', stored: false, failure: failed }
              : { location: 's3', ...stored, ...lock() },
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
    listEverywhere: async () => {
      if (environmentIs('unlisted')) {
        throw new DrError('store-refused', {
          happened: 'The object store refused the listing.',
          meaning: 'Which backups are there is not known.',
          next: 'Look at the rights of the key.',
        });
      }
      const [bytes, rows, copies] = [1_234_567, 250, [{ location: 'local', verified: true }]] as const;
      const at = new Date(Date.now() - 3_600_000).toISOString();
      const key = 'daily/backup-2025-11-29.json.gz.enc';
      return {
        backups: [{ key, tier: 'daily', format: 'json', at, bytes, rows, copies }],
        older: 0,
        failures: [],
      };
    },
    planBackupRotation: async ({ location }) => {
      if (environmentIs('unlisted') && location === 's3') {
        throw new DrError('store-refused', {
          happened: 'The object store refused the listing.',
          meaning: 'Which backups are there is not known.',
          next: 'Look at the rights of the key.',
        });
      }
      const due = 'older than the newest 30 daily ones';
      return {
        keep: [
          { key: 'daily/backup-2025-11-29.json.gz.enc', bytes: 1_000_000, why: 'daily 1 of the newest 30' },
          {
            key: 'daily/backup-2025-10-28.json.gz.enc',
            bytes: 1_000_000,
            why: `${due}, but locked until 2025-12-01T03:00:00Z (Object Lock, governance)`,
            held: true,
          },
        ],
        remove: [{ key: 'daily/backup-2025-10-29.json.gz.enc', bytes: 1_000_000, why: due }],
      };
    },
    applyBackupRotation: async () => ({ removed: ['daily/backup-2025-10-29.json.gz.enc'], refused: [] }),
    checkConfigurations: async () => [
      sound('configuration decrypts (local)', 'configuration/env.production.enc, 0.1 h old'),
      environmentIs('forgetful')
        ? {
            name: 'configuration decrypts (s3)',
            passed: false,
            found: 'none',
            expected: 'one that is authentic',
          }
        : sound('configuration decrypts (s3)', 'configuration/env.production.enc, 0.1 h old'),
    ],
    storeConfiguration: async () => [
      { location: 'local', how: 'stored', key: 'configuration/env.production.enc' },
      { location: 's3', how: 'unchanged', key: 'configuration/env.production.enc' },
    ],
  };
}

/** Workflows that have called already. */
const called = new Set<string>();

function isFirstCall(): boolean {
  const { workflowId = '' } = Context.current().info.workflowExecution ?? {};
  const first = !called.has(workflowId);
  called.add(workflowId);
  return first;
}

function lock() {
  if (environmentIs('locked')) return { lock: { until: '2025-12-29T03:00:00.000Z' } };
  if (!environmentIs('unlockable')) return {};
  return { lock: { failure: { type: 'store-refused', message: 'The key may not lock.' } } };
}

function sound(name: string, found: string) {
  return { name, passed: true, found, expected: 'as it is' };
}
