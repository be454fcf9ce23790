import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { execa } from 'execa';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { locatePostgres } from '../../../activities/adapters/toolbox/index.ts';
import { backupKinds } from '../../../activities/vault/backup-name.ts';
import { listBackups } from '../../../activities/vault/list-backups.ts';
import { listEverywhere } from '../../../activities/vault/list-everywhere.ts';
import { newestVerified } from '../../../activities/vault/newest-verified.ts';
import { requireManifest } from '../../../activities/vault/open-backup.ts';
import { planAtLocation } from '../../../activities/vault/plan-at-location.ts';
import { procedureRotation } from '../../../activities/vault/rotation-plan.ts';
import { storeBackup } from '../../../activities/vault/store-backup.ts';
import { validateBackups } from '../../../activities/vault/validate-backups.ts';
import { verifyContent } from '../../../activities/vault/verify-backup.ts';
import { until } from '../../sandbox/postgres/condition.ts';
import { queryAs } from '../../sandbox/postgres/test-cluster.ts';
import { failureOf } from '../failure-of.ts';
import { startVaultDatabase } from './vault-database.ts';
import { keyringOf, newFolderLocation, passphrase, vaultOver, work } from './world.ts';

let database: Awaited<ReturnType<typeof startVaultDatabase>>;
let folder: Awaited<ReturnType<typeof newFolderLocation>>;
beforeAll(async () => {
  database = await startVaultDatabase();
});
afterAll(() => database.stop());
beforeEach(async () => {
  folder = await newFolderLocation();
});
afterEach(() => folder.remove());

const schemas = ['shop', 'bulk'];
const day = 86_400_000;
const store = (kind: 'sql' | 'recent' | 'daily', at: string) =>
  storeBackup(
    vaultOver(database.connectionString, [folder.location]),
    { kind, at, schemas, leftoversOlderThanMs: 3_600_000 },
    work,
  );
const reading = () => ({ store: folder.store, keyring: keyringOf() });
const key = 'sql/backup-2025-11-29-030405.sql.gz.enc';

describe('a SQL dump in the vault', () => {
  it('has the procedure’s name and a manifest with every table of the same moment', async () => {
    const { backup } = await store('sql', '2025-11-29T03:04:05.678Z');
    expect(backup).toMatchObject({ key, locations: [{ location: 'local', stored: true, how: 'exported' }] });
    expect(backup.tables).toEqual([
      { table: 'bulk.lots', rows: 60_000 },
      { table: 'shop.empty', rows: 0 },
      { table: 'shop.users', rows: 20 },
    ]);
    const manifest = await verifyContent(reading(), key, work);
    expect(manifest).toMatchObject({ kind: 'sql', content: { format: 'postgresql-dump', version: 1 } });
    expect(Math.abs(Date.parse(manifest.content.snapshotAt) - Date.now())).toBeLessThan(60_000);
    expect((await store('sql', '2025-11-29T03:04:05.678Z')).backup.locations).toMatchObject([
      { how: 'already-there' },
    ]);
  });

  it('is restored by hand with the commands of the README, and not at all when the file is cut short', async () => {
    await store('sql', '2025-11-29T03:04:05Z');
    const { manifest } = await requireManifest(folder.store, key, keyringOf());
    const { path } = await locatePostgres();
    const byHand = async (name: string) => {
      await database.query(`CREATE DATABASE ${name} TEMPLATE template0`);
      const url = new URL(database.connectionString);
      url.pathname = `/${name}`;
      const command = (await readmeCommand()).replace(
        '-iter 600000',
        `-iter ${manifest.encryption.iterations}`,
      );
      await execa('sh', ['-c', command], {
        cwd: dirname(join(folder.root, key)),
        env: {
          PATH: `${path}:${process.env['PATH']}`,
          BACKUP_PASSPHRASE: passphrase,
          TARGET_DATABASE_URL: url.href,
        },
        reject: false,
      });
      const tables = await queryAs(url.href, "SELECT FROM pg_tables WHERE schemaname IN ('shop', 'bulk')");
      return tables.length === 0 ? null : queryAs(url.href, 'SELECT count(*)::int FROM bulk.lots');
    };
    expect(await byHand('by_hand')).toEqual([[60_000]]);
    const object = join(folder.root, key);
    const bytes = await readFile(object);
    await writeFile(object, bytes.subarray(0, Math.floor(bytes.length / 2 / 16) * 16));
    expect(await byHand('cut_short')).toBeNull();
  });

  it('is no backup when pg_dump loses its connection, and is tried again', async () => {
    const holder = new Client({ connectionString: database.connectionString });
    await holder.connect();
    try {
      await holder.query('BEGIN; LOCK TABLE shop.users IN ACCESS EXCLUSIVE MODE');
      const storing = failureOf(store('sql', '2025-11-29T03:04:05Z'));
      await until('pg_dump waits for the lock', 60_000, async () => {
        const end = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE application_name = 'pg_dump' AND wait_event_type = 'Lock'`;
        return (await database.query(end)).length > 0 || undefined;
      });
      expect(await storing).toMatchObject({ type: 'database-unreachable', retried: true });
      expect(await folder.store.list('sql/')).toEqual([]);
    } finally {
      await holder.end();
    }
  });

  it.each([
    [
      'without its end',
      (text: string) => text.slice(0, text.indexOf('-- PostgreSQL database dump complete')),
      'has no end',
    ],
    [
      'without a table',
      (text: string) => text.replace(/^COPY shop\.empty[\s\S]*?^\\\.$/m, ''),
      'lacks shop.empty',
    ],
  ])('is no backup when it comes %s', async (_what, edit, message) => {
    const vault = vaultOver(database.connectionString, [folder.location]);
    const cut = {
      ...vault,
      sql: {
        ...vault.sql,
        programs: {
          dumpSql: async (dump: Parameters<typeof vault.sql.programs.dumpSql>[0]) =>
            Readable.from([Buffer.from(edit(await text(await vault.sql.programs.dumpSql(dump))))]),
        },
      },
    };
    const input = {
      kind: 'sql',
      at: '2025-11-29T03:04:05Z',
      schemas,
      leftoversOlderThanMs: 3_600_000,
    } as const;
    const failure = await failureOf(storeBackup(cut, input, work));
    expect(failure.type).toBe('verification-failed');
    expect(failure.message).toContain(message);
    expect(await listBackups(folder.store, backupKinds)).toEqual([]);
  });
});

describe('a SQL dump beside exports', () => {
  it('is neither the newest export nor counted as one by the validation', async () => {
    const now = new Date().toISOString();
    await store('recent', now);
    const before = await validate(now);
    await store('sql', new Date(Date.now() + 1000).toISOString());
    expect((await newestVerified(reading(), work)).backup?.kind).toBe('recent');
    expect((await newestVerified(reading(), work, { kinds: ['sql'] })).backup?.kind).toBe('sql');
    expect(await validate(now)).toEqual(before);
  });

  const validate = async (now: string) => {
    const policy = {
      freshWithinMs: day,
      sizeFactor: 2,
      sizeHistory: 10,
      minFreeBytes: 0,
      historyMs: day,
    };
    const checks = await validateBackups(
      vaultOver(database.connectionString, [folder.location]),
      { now, policy },
      work,
    );
    return checks.filter(({ name }) => !name.startsWith('free space'));
  };

  it('has a retention of its own, which spares the newest whole one, and counts for no other', async () => {
    for (const second of ['01', '02', '03']) await store('sql', `2025-11-29T03:04:${second}Z`);
    await store('daily', '2025-11-28T03:00:00Z');
    const plan = (sql: number) =>
      planAtLocation(
        { locations: [folder.location], keyring: keyringOf() },
        {
          location: 'local',
          policy: { ...procedureRotation, daily: 0, sql },
          now: '2026-11-29T00:00:00Z',
        },
        work,
      );
    expect((await plan(2)).remove.map(({ key: due }) => due)).toEqual([
      'sql/backup-2025-11-29-030401.sql.gz.enc',
    ]);
    const newest = join(folder.root, 'sql/backup-2025-11-29-030403.sql.gz.enc');
    const bytes = await readFile(newest);
    bytes[100] = (bytes[100] ?? 0) ^ 1;
    await writeFile(newest, bytes);
    const { keep, remove } = await plan(0);
    expect(remove.map(({ key: due }) => due)).toEqual(['sql/backup-2025-11-29-030401.sql.gz.enc']);
    expect(keep.map(({ key: kept, why }) => `${kept}: ${why}`)).toEqual([
      'daily/backup-2025-11-28.json.gz.enc: the newest one known to be whole',
      'sql/backup-2025-11-29-030403.sql.gz.enc: the last sql one',
      'sql/backup-2025-11-29-030402.sql.gz.enc: the newest one known to be whole',
    ]);
  });

  it('is listed with them, newest first, with what each location holds', async () => {
    await store('recent', '2025-11-29T03:00:00Z');
    await store('sql', '2025-11-29T03:04:05Z');
    const other = await newFolderLocation('s3');
    try {
      const object = join(folder.root, key);
      await writeFile(object, (await readFile(object)).subarray(0, 1000));
      const locations = [folder.location, other.location];
      const listing = await listEverywhere({ locations, keyring: keyringOf() }, { limit: 10 }, work);
      expect(listing).toMatchObject({
        older: 0,
        failures: [],
        backups: [
          { key, tier: 'sql', format: 'sql', copies: [{ location: 'local', verified: false }] },
          { tier: 'recent', format: 'json', rows: 60_020, copies: [{ location: 'local', verified: true }] },
        ],
      });
      const strange = keyringOf('another passphrase altogether');
      const [newest] = (await listEverywhere({ locations, keyring: strange }, { limit: 1 }, work)).backups;
      expect(newest?.copies).toMatchObject([{ verified: false, why: expect.stringContaining('passphrase') }]);
    } finally {
      await other.remove();
    }
  });
});

/** The command that the README gives for the road without this program. */
async function readmeCommand(): Promise<string> {
  const readme = await readFile(new URL('../../../README.md', import.meta.url), 'utf8');
  const command = /```\n(\{ echo 'BEGIN;';[\s\S]*?)\n```/.exec(readme)?.[1];
  if (command === undefined) throw new Error('The README has no command for a restore by hand.');
  return command;
}
