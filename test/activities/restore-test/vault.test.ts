import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { vaultBackupSource } from '../../../activities/restore-test/index.ts';
import { manifestKey } from '../../../activities/vault/backup-name.ts';
import { storeBackup } from '../../../activities/vault/store-backup.ts';
import { startTestCluster } from '../../sandbox/postgres/test-cluster.ts';
import { startVendHubDatabase, type VendHubDatabase } from '../database/vendhub-database.ts';
import { failureOf } from '../failure-of.ts';
import { keyringOf, newFolderLocation, vaultOver, work } from '../vault/world.ts';
import { schemas, testRestoreOf } from './world.ts';

let vendHub: VendHubDatabase;
let elsewhere: Awaited<ReturnType<typeof startTestCluster>>;
let vault: Awaited<ReturnType<typeof newFolderLocation>>;
const older = 'recent/backup-2025-11-29T030000Z.json.gz.enc';
const newer = 'recent/backup-2025-11-29T033000Z.json.gz.enc';

beforeAll(async () => {
  vault = await newFolderLocation();
  [vendHub, elsewhere] = await Promise.all([startVendHubDatabase(), startTestCluster()]);
  for (const at of ['2025-11-29T03:00:00Z', '2025-11-29T03:30:00Z']) {
    const input = { kind: 'recent', at, schemas, leftoversOlderThanMs: 3_600_000 } as const;
    await storeBackup(vaultOver(vendHub.operatorUrl, [vault.location]), input, work);
  }
});
afterAll(() => Promise.all([vendHub.cluster.dispose(), elsewhere.cluster.dispose(), vault.remove()]));

const testWith = (passphrase?: string) =>
  testRestoreOf(vaultBackupSource({ store: vault.store, keyring: keyringOf(passphrase) }), {
    productionUrl: vendHub.operatorUrl,
    server: { connectionString: elsewhere.cluster.connectionString(elsewhere.cluster.superuser, 'postgres') },
  });

describe('a restore test from the vault', () => {
  it('restores the newest backup with every row that its manifest promises', async () => {
    const { backupKey, checks } = await testWith();
    expect(backupKey).toBe(newer);
    const contents = checks.filter(({ name }) => /^(?:rows|content) of |^users$|^tables$/.test(name));
    expect(contents).toHaveLength(16);
    expect(contents.filter(({ passed }) => !passed)).toEqual([]);
  });

  it('is refused with another passphrase', async () => {
    const failure = await failureOf(testWith('another passphrase altogether'));
    expect(failure.type).toBe('backup-invalid');
    expect(failure.message).toContain(`None of 2 backups can be used; the newest is "${newer}"`);
    expect(await elsewhere.query("SELECT FROM pg_database WHERE datname ~ 'restore_test'")).toEqual([]);
  });

  it('fails, and restores the one before, when the newest was altered', async () => {
    const manifest = (await vault.store.getText(manifestKey(newer))) ?? '';
    await vault.store.putText(
      manifestKey(newer),
      manifest.replace('"rows": 200', '"rows": 199'),
      'application/json',
    );
    const { backupKey, checks, passed } = await testWith();
    expect([backupKey, passed]).toEqual([older, false]);
    expect(checks.find(({ name }) => name === 'newest backup')).toMatchObject({
      passed: false,
      found: expect.stringContaining(`1 newer than ${older} cannot be used; ${newer}: `),
    });
  });

  it('is refused where there is no backup', async () => {
    for (const { key } of await vault.store.list('recent/')) await vault.store.remove(key);
    const failure = await failureOf(testWith());
    expect([failure.type, failure.explanation.happened]).toEqual([
      'backup-invalid',
      'There is no backup to restore.',
    ]);
  });
});
