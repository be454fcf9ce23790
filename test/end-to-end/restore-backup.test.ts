import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createS3ObjectStore } from '../../activities/adapters/s3/index.ts';
import type { BackupListing } from '../../workflows/contracts/backups.ts';
import { type Terminal, terminal } from '../client/peer/terminal.ts';
import { queryAs, startTestCluster } from '../sandbox/postgres/test-cluster.ts';
import { eventually } from './condition.ts';
import { startProduction, type TestProduction } from './production.ts';
import { Recovery } from './recovery.ts';
import { historyTexts, leaks, secretsOf } from './secrets.ts';

let production: TestProduction;
let elsewhere: Awaited<ReturnType<typeof startTestCluster>>;
let dr: Terminal['dr'];
let listing: BackupListing;

const url = (name = 'postgres') => elsewhere.cluster.connectionString(elsewhere.cluster.superuser, name);
const into = ['--into', 'RESTORE_DATABASE_URL'] as const;
const isListing = (value: unknown): value is BackupListing =>
  typeof value === 'object' && value !== null && 'backups' in value;

beforeAll(async () => {
  elsewhere = await startTestCluster();
  production = await startProduction({ workerEnvironment: () => ({ RESTORE_DATABASE_URL: url() }) });
  const { temporal, environment } = production.sandbox;
  ({ dr } = terminal(temporal.environment, { ...environment, DR_USER: 'oncall' }));
});
afterAll(async () => {
  await production?.stop();
  await elsewhere?.cluster.dispose();
});

const nameOf = (format: 'json' | 'sql') => {
  const found = listing.backups.find((backup) => backup.format === format);
  if (found === undefined) throw new Error(`No ${format} backup is listed.`);
  return found.key;
};
const databases = async () =>
  (await elsewhere.query('SELECT datname FROM pg_database ORDER BY 1')).map(([name]) => String(name));
const salesIn = async (connection: string) =>
  (await queryAs(connection, "SELECT count(*), md5(string_agg(s::text, ',' ORDER BY id)) FROM sales s"))[0];

describe('backups by the dr command', () => {
  it('are taken as SQL dump and as export, and listed with where they lie', async () => {
    const dump = await dr('backup', '--format', 'sql');
    expect(dump).toMatchObject({ code: 0, err: '' });
    expect(dump.out).toMatch(/sql\/backup-\d{4}-\d\d-\d\d-\d{6}\.sql\.gz\.enc/);
    expect(dump.out).toContain('stored and verified at s3-second: exported');
    expect((await dr('backup')).code).toBe(0);
    const listed: unknown = JSON.parse((await dr('backup', 'list', '--json')).out);
    if (!isListing(listed)) throw new Error('That is no listing.');
    listing = listed;
    const everywhere = ['local', 's3', 's3-second'].map((location) => ({ location, verified: true }));
    expect(listing.backups).toMatchObject([
      { tier: 'recent', format: 'json', copies: everywhere },
      { tier: 'sql', format: 'sql', copies: everywhere },
    ]);
    const screen = await dr('backup', 'list');
    expect(screen).toMatchObject({ code: 0, err: '' });
    expect(screen.out).toContain(nameOf('sql'));
    expect(screen.out.split('\n').filter((line) => line.length > 80)).toEqual([]);
    const validated = (await dr('backup', 'validate')).out.replace(/\s+/g, ' ');
    expect(validated).toContain('own export present (local): recent/');
    expect(validated).not.toContain('sql/');
  });

  it.each(['json', 'sql'] as const)('are restored into a database of their own: %s', async (format) => {
    const restored = await dr('backup', 'restore', nameOf(format), ...into, '--database', `look_${format}`);
    expect(restored).toMatchObject({ code: 0, err: '' });
    expect(restored.out).toContain('content of public.sales: every row as in the backup');
    expect(await salesIn(url(`look_${format}`))).toEqual(await salesIn(production.sandbox.superuserUrl));
    const newest = ['--newest', '--format', format, ...into, '--database', `newest_${format}`, '--json'];
    const record: unknown = JSON.parse((await dr('backup', 'restore', ...newest)).out);
    expect(record).toMatchObject({ operation: 'restore-backup', outcome: 'succeeded', startedBy: 'oncall' });
  });

  it('leave evidence, and no secret in any history', async () => {
    const { s3, temporal, environment } = production.sandbox;
    const store = createS3ObjectStore({ ...s3, bucket: environment['S3_BUCKET'] ?? '' });
    const records = await store.list('operations/sandbox/restore-backup/').finally(() => store.close());
    expect(records.length).toBeGreaterThanOrEqual(4);
    const { workflow } = temporal.environment.client;
    const secrets = secretsOf(production.sandbox);
    secrets.set('password of the target', elsewhere.cluster.superuser.password);
    let seen = 0;
    for await (const { workflowId, type } of workflow.list()) {
      if (type !== 'restoreBackup' && type !== 'listBackups') continue;
      const history = await workflow.getHandle(workflowId).fetchHistory();
      expect(leaks(historyTexts(history).join('\n'), secrets)).toEqual([]);
      seen += 1;
    }
    expect(seen).toBeGreaterThan(4);
    expect(leaks(await production.workerLog(), secrets)).toEqual([]);
  });

  it.each([
    [
      'a name that no backup has',
      ['no-such.json', ...into, '--database', 'x'],
      'There is no backup "no-such.json"',
    ],
    ['production', ['--newest', '--into', 'DATABASE_URL'], 'DATABASE_URL is production'],
    ['a database whose tables hold rows', ['--newest', ...into, '--database', 'look_json'], 'hold rows'],
    ['a connection string', ['--newest', '--into', 'postgresql://a:secret-word@h/d'], 'never a value'],
    ['nothing to restore', [...into], 'say --newest'],
  ])('are not restored, and nothing is changed, for %s', async (_what, words, message) => {
    const before = await databases();
    const mails = production.sandbox.smtp.messages().length;
    const { code, out, err } = await dr('backup', 'restore', ...words);
    expect(code).toBe(2);
    expect((out + err).replace(/\s+/g, ' ')).toContain(message);
    expect(out + err).not.toContain('secret-word');
    expect(await databases()).toEqual(before);
    expect(production.sandbox.smtp.messages()).toHaveLength(mails);
  });

  it('come from another copy when one was altered, and fail when all were', async () => {
    const { environment, s3 } = production.sandbox;
    const key = nameOf('sql');
    const local = join(environment['BACKUP_FOLDER'] ?? '', key);
    const bytes = await readFile(local);
    const altered = Buffer.from(bytes);
    altered[200] = (altered[200] ?? 0) ^ 1;
    await writeFile(local, altered);
    const one = await dr('backup', 'restore', key, ...into, '--database', 'from_s3');
    expect(one.code).toBe(0);
    expect(one.out.replace(/\s+/g, ' ')).toMatch(/NOTICE every copy is whole: .* its bytes were altered/);
    for (const bucket of [environment['S3_BUCKET'], environment['S3_SECOND_BUCKET']]) {
      const store = createS3ObjectStore({ ...s3, bucket: bucket ?? '' });
      await store.put(key, Readable.from([altered]), { contentType: 'application/octet-stream' });
      store.close();
    }
    const before = await databases();
    const none = await dr('backup', 'restore', key, ...into, '--database', 'from_nowhere');
    expect(none.code).toBe(1);
    expect(none.out).toContain('verification-failed');
    expect(await databases()).toEqual(before);
  });

  it('are restored whole when the worker is killed in the middle', async () => {
    await elsewhere.query('CREATE DATABASE killed TEMPLATE template0');
    const blocker = new Client({ connectionString: url('killed') });
    await blocker.connect();
    // Whoever makes a table of that name waits for the end of this transaction.
    await blocker.query('BEGIN; CREATE TABLE public.sales ()');
    const restoring = dr('backup', 'restore', nameOf('json'), ...into, '--database', 'killed');
    await eventually('the restore waits in the middle', async () => {
      const waiting = `SELECT FROM pg_stat_activity WHERE datname = 'killed' AND wait_event_type = 'Lock'`;
      return (await elsewhere.query(waiting)).length > 0 || undefined;
    });
    production.worker().signal('SIGKILL');
    await production.worker().ended;
    await blocker.query('ROLLBACK');
    await blocker.end();
    await eventually('its transaction is gone', async () => {
      const others = `SELECT FROM pg_stat_activity WHERE datname = 'killed'`;
      return (await elsewhere.query(others)).length === 0 || undefined;
    });
    expect(await queryAs(url('killed'), "SELECT FROM pg_tables WHERE schemaname = 'public'")).toEqual([]);
    await production.startWorker();
    expect((await restoring).code).toBe(0);
    expect(await salesIn(url('killed'))).toEqual(await salesIn(production.sandbox.superuserUrl));
  });

  it('are restored while a recovery has the environment', async () => {
    const window = await eventually(
      'a restore window',
      async () => (await production.sandbox.postgres.restoreWindow()) ?? undefined,
    );
    const recovery = await Recovery.start(production.sandbox, {
      target: { kind: 'at', moment: new Date(window.latestUnix * 1000).toISOString() },
    });
    const gate = await recovery.asked('approval', 'restore-database');
    expect((await dr('backup', '--format', 'sql')).code).toBe(2);
    expect((await dr('backup', 'restore', '--newest', ...into, '--database', 'beside')).code).toBe(0);
    await recovery.answer('reject', { decision: gate.id, reason: 'only a test' });
    await recovery.handle.result();
  });
});
