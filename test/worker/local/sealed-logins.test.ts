import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createCredentialStore } from '../../../activities/credentials/index.ts';
import { backupKeyring } from '../../../worker/compose-backups.ts';
import { tryObjectStoreKey } from '../../../worker/try-object-store-key.ts';
import { queryAs } from '../../sandbox/postgres/test-cluster.ts';
import { startTestStore } from '../../sandbox/s3/test-store.ts';
import { startTestVendHubDatabase } from '../../sandbox/vendhub/test-vendhub.ts';

const root = join(import.meta.dirname, '../../..');

describe('a command without Temporal, after production’s password was exchanged', () => {
  let vendHub: Awaited<ReturnType<typeof startTestVendHubDatabase>>;
  let storage: Awaited<ReturnType<typeof startTestStore>>;
  let folder: string;

  beforeAll(async () => {
    [vendHub, storage] = await Promise.all([startTestVendHubDatabase(), startTestStore()]);
    folder = await mkdtemp(join(tmpdir(), 'dr-sealed-logins-'));
    const { cluster } = vendHub;
    const superuser = cluster.connectionString(cluster.superuser, 'postgres');
    await queryAs(superuser, `ALTER ROLE postgres PASSWORD 'the exchanged one'`);
    await createCredentialStore({
      store: storage.store,
      keyring: backupKeyring(passphrase),
      environment: 'production',
    }).write({
      id: 'database-administrator',
      kind: 'database-password',
      rotation: 'run-1',
      stage: 'old-revoked',
      secret: 'the exchanged one',
      issuedId: null,
      beganAt: '2026-01-02T03:04:05.000Z',
      former: [],
    });
  });
  afterAll(async () => {
    await storage?.stop();
    await vendHub?.cluster.dispose();
    if (folder !== undefined) await rm(folder, { recursive: true });
  });

  const passphrase = { BACKUP_PASSPHRASE: 'a passphrase for tests' };
  const objectStore = () => ({
    S3_ENDPOINT: storage.s3.endpoint,
    S3_BUCKET: 'evidence',
    S3_ACCESS_KEY_ID: storage.s3.accessKeyId,
    S3_SECRET_ACCESS_KEY: storage.s3.secretAccessKey,
  });
  const exportMachines = (environment: Record<string, string>, words: readonly string[] = []) =>
    execa(
      process.execPath,
      [
        '--import',
        join(root, 'node_modules/tsx/dist/loader.mjs'),
        join(root, 'worker/local/db-export.ts'),
        '--table',
        'machines',
        ...words,
      ],
      {
        cwd: folder,
        env: { TSX_DISABLE_CACHE: '1', DATABASE_URL: vendHub.operatorUrl, ...environment },
        reject: false,
      },
    );

  test('gets in by the sealed store', async () => {
    const { exitCode, stdout } = await exportMachines({ ...objectStore(), ...passphrase });
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout).tables).toMatchObject([{ name: 'machines' }]);
  });

  test('says that the login is refused where it has no way to the sealed store', async () => {
    const { exitCode, stderr } = await exportMachines(objectStore());
    expect(exitCode).toBe(1);
    expect(stderr).toContain("refused the operator's login");
  });

  test('hands production’s password to no other database that it is pointed at', async () => {
    const { exitCode } = await exportMachines({ ...objectStore(), ...passphrase }, [
      '--database-url',
      vendHub.operatorUrl,
    ]);
    expect(exitCode).toBe(1);
  });

  test('the worker’s key to the object store is tried on the store itself', async () => {
    const configuration = {
      S3_ENDPOINT: storage.s3.endpoint,
      S3_REGION: storage.s3.region,
      S3_BUCKET: 'evidence',
    };
    const { accessKeyId, secretAccessKey } = storage.s3;
    const attempt = (key: object, changes: object = {}) =>
      tryObjectStoreKey({ ...configuration, ...changes }, { accessKeyId, secretAccessKey, ...key });
    expect(await attempt({})).toBe('accepted');
    expect(await attempt({ secretAccessKey: 'another' })).toBe('refused');
    expect(await attempt({ accessKeyId: 'unknown' })).toBe('refused');
    expect(await attempt({}, { S3_ENDPOINT: 'http://127.0.0.1:1' })).toBe('unreachable');
  });
});
