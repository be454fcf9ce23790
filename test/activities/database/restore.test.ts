import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createS3ObjectStore, type S3ObjectStore } from '../../../activities/adapters/s3/index.ts';
import { locateSeaweed } from '../../../activities/adapters/toolbox/index.ts';
import { createDatabaseActivities, type DatabaseActivities } from '../../../activities/database/index.ts';
import type { Reconciliation, RewindInventory, Verification } from '../../../workflows/contracts/evidence.ts';
import type { LossSurvey } from '../../../workflows/contracts/recovery-point.ts';
import { damagePages } from '../../sandbox/postgres/damage-pages.ts';
import { temporaryFolderRoot } from '../../sandbox/postgres/index.ts';
import { type SandboxS3, startSandboxS3 } from '../../sandbox/s3/index.ts';
import { connectionUrlFor } from '../../sandbox/vendhub/connection-url.ts';
import { seeded, uploadsBucket } from '../../sandbox/vendhub/seed.ts';
import {
  dispenseJobs,
  run,
  schemas,
  startVendHubDatabase,
  timestampColumns,
  type VendHubDatabase,
} from './vendhub-database.ts';

const secondPassword = `second 'password' %`;
const saleFor = (user: number) =>
  `INSERT INTO public.sales (machine_id, product_id, user_id, amount_cents) VALUES (1, 1, ${user}, 100)`;
const jobsForNewSales = `INSERT INTO public.dispense_jobs (sale_id) SELECT id FROM public.sales s
  WHERE NOT EXISTS (SELECT FROM public.dispense_jobs j WHERE j.sale_id = s.id)`;

/** As the extension pg_cron 1.6 makes it; the extension itself is not part of the test's server. */
const cronTable = `CREATE TABLE cron.job (jobid bigserial PRIMARY KEY, schedule text NOT NULL, command text NOT NULL,
  nodename text, nodeport int, database text, username text, active boolean DEFAULT true, jobname name)`;
const cronJob = (name: string) =>
  `INSERT INTO cron.job (schedule, command, database, username, jobname)
   VALUES ('5 * * * *', 'SELECT net.http_post(''a secret key'')', 'vendhub', 'postgres', '${name}')`;

let vendHub: VendHubDatabase;
let s3: SandboxS3;
let store: S3ObjectStore;
let uploads: S3ObjectStore;
let folder: string;
let activities: DatabaseActivities;
let variables: Map<string, string>;
let target: number;
let before: LossSurvey;
let inventory: RewindInventory;

async function startStore() {
  folder = `${await temporaryFolderRoot()}/database-test-s3-${process.pid}`;
  const { path: weedProgram } = await locateSeaweed();
  s3 = await startSandboxS3({ folder, weedProgram });
  await Promise.all([s3.createBucket('evidence'), s3.createBucket(uploadsBucket)]);
  store = createS3ObjectStore({ ...s3, bucket: 'evidence' });
  uploads = createS3ObjectStore({ ...s3, bucket: uploadsBucket });
}

async function uploadImages() {
  const keys = Array.from({ length: seeded.products }, (_, n) => `products/${n + 1}.png`);
  await Promise.all(keys.map((key) => uploads.putText(key, 'image', 'image/png')));
}

const verify = (changes: Partial<Parameters<DatabaseActivities['verifyRestored']>[0]> = {}) =>
  activities.verifyRestored({
    targetUnix: target,
    before,
    schemas,
    timestampColumns,
    invariants: [
      {
        name: 'at least 100 users',
        countViolations: 'SELECT greatest(0, 100 - count(*)) FROM public.users',
        allowed: 0,
      },
    ],
    ...changes,
  });

const reconcile = () =>
  activities.reconcileAfterRewind({
    inventory,
    jobQueues: [dispenseJobs],
    applicationRoles: [{ role: 'vendhub_app', variable: 'DATABASE_URL' }],
    fileReferences: [{ table: 'public.product_images', column: 'object_key', bucket: uploadsBucket }],
    schemas,
  });

const failed = (verification: Verification) => verification.checks.filter((check) => !check.passed);
const itemOf = (reconciliation: Reconciliation, what: string) =>
  reconciliation.items.find((item) => item.what.startsWith(what));

beforeAll(async () => {
  [vendHub] = await Promise.all([startVendHubDatabase(), startStore()]);
  await uploadImages();
  variables = new Map([
    [
      'DATABASE_URL',
      connectionUrlFor(vendHub.applicationUrl, {
        user: 'vendhub_app',
        password: secondPassword,
        database: 'vendhub',
      }),
    ],
  ]);
  activities = createDatabaseActivities({
    database: vendHub.operator,
    store,
    applicationPlatform: { variable: async (name) => variables.get(name) },
  });
  await vendHub.cluster.takeBaseBackup();

  // Up to the target: two sales whose jobs are pending, a report that the public may read.
  await run(vendHub.operator, saleFor(1), saleFor(2), jobsForNewSales);
  await run(
    vendHub.operator,
    'CREATE TABLE public.report AS SELECT 1 AS id',
    'GRANT SELECT ON public.report TO vendhub_app',
    'CREATE SCHEMA cron',
    cronTable,
    cronJob('nightly'),
  );
  target = await vendHub.closedSecond();

  // After it: one of the jobs is done and three more are added, rows are changed and deleted, access is taken back.
  await run(
    vendHub.operator,
    `UPDATE public.dispense_jobs SET status = 'done' WHERE status = 'pending'
        AND sale_id = (SELECT min(sale_id) FROM public.dispense_jobs WHERE status = 'pending')`,
    saleFor(3),
    saleFor(4),
    saleFor(5),
    jobsForNewSales,
    `UPDATE public.machines SET status = 'offline' WHERE id <= 5`,
    'DELETE FROM public.product_images WHERE product_id <= 2',
    `ALTER ROLE vendhub_app PASSWORD '${secondPassword.replaceAll("'", "''")}'`,
    'REVOKE SELECT ON public.report FROM vendhub_app',
    'GRANT DELETE ON public.report TO vendhub_app',
    `UPDATE cron.job SET active = false`,
    cronJob('hourly'),
    'CREATE TABLE public.migrated AS SELECT 1 AS id',
    'CREATE TABLE public.migrated_empty (id int)',
  );
  await run(vendHub.superuser, `SELECT pg_create_physical_replication_slot('standby')`);
  await uploads.putText('products/new.png', 'image', 'image/png');

  before = await activities.surveyLoss({ targetUnix: target, schemas, timestampColumns });
  inventory = await activities.takeInventory({ jobQueues: [dispenseJobs], schemas, keysPrefix: 'runs/1/' });
  await vendHub.cluster.restoreTo(target);
});

afterAll(async () => {
  store.close();
  uploads.close();
  await Promise.all([vendHub.cluster.dispose(), s3.stop()]);
  await rm(folder, { recursive: true, force: true });
});

describe('after a real restore', () => {
  it('had foretold what was discarded', () => {
    const loss = Object.fromEntries(before.tables.map(({ table, discarded }) => [table, discarded]));
    expect(loss).toEqual({
      'public.dispense_jobs': 4,
      'public.machines': 5,
      'public.migrated': 1,
      'public.migrated_empty': 0,
      'public.migrations': 0,
      'public.product_images': 0,
      'public.products': 0,
      'public.report': 0,
      'public.sales': 3,
      'public.users': 0,
    });
    expect(inventory.pendingJobs).toEqual([
      { table: 'public.dispense_jobs', pending: 4, keysObject: 'runs/1/pending-public.dispense_jobs.json' },
    ]);
  });

  it('verifies, with the rows that are back', async () => {
    const verification = await verify();
    expect(failed(verification)).toEqual([]);
    const names = verification.checks.map((check) => check.name);
    expect(names).toContain('foreign key sales_user_id_fkey of public.sales');
    expect(names).toEqual(expect.arrayContaining(['nothing newer in public.sales', 'tables and indexes']));
    const rows = Object.fromEntries(verification.tables.map(({ table, ...entry }) => [table, entry]));
    expect(rows).toMatchObject({
      'public.sales': { rows: seeded.sales + 2, broughtBack: 0, discarded: 3 },
      'public.dispense_jobs': { rows: seeded.sales + 2, broughtBack: 1, discarded: 4 },
      'public.machines': { rows: seeded.machines, broughtBack: 5, discarded: 5 },
      'public.product_images': { rows: seeded.products, broughtBack: 2, discarded: 0 },
    });
    expect(Date.parse(verification.newestCommitAt ?? '')).toBeLessThanOrEqual(target * 1000);
  });

  it('takes tables that were created after the target for rightly gone', async () => {
    const { checks } = await verify();
    expect(checks.filter(({ name }) => name.startsWith('table public.migrated'))).toEqual(
      [
        [
          'migrated',
          'missing; every row it held was newer than the target, so it may have been created later',
        ],
        ['migrated_empty', 'missing; it held no rows, so it may have been created after the target'],
      ].map(([table, found]) => ({
        name: `table public.${table}`,
        passed: true,
        advisory: false,
        found,
        expected: 'present and readable, unless it held no rows as old as the target',
      })),
    );
  });

  it('mends the password, holds the job that was done, and lists the rest; the second time nothing is left', async () => {
    const first = await reconcile();
    expect(itemOf(first, 'password')).toMatchObject({
      mended: 'set to the one in DATABASE_URL; the login works',
      needsPerson: false,
    });
    expect(itemOf(first, 'job queue')).toMatchObject({
      found:
        '2 pending, 1 of them were already done before the restore; 3 pending before the restore are newer than the target and gone',
      mended: expect.stringMatching(/^1 set to "held"/),
      needsPerson: false,
    });
    expect(itemOf(first, 'replication slots')).toMatchObject({
      found: 'lost: standby: physical',
      needsPerson: true,
    });
    expect(itemOf(first, 'grants')).toMatchObject({
      found:
        'lost: vendhub_app: DELETE on table public.report. back again: vendhub_app: SELECT on table public.report',
      needsPerson: true,
    });
    expect(itemOf(first, 'cron jobs')).toMatchObject({
      found: expect.stringMatching(
        /^lost: hourly: 5 \* .* active, command \w{16}; nightly: .* paused, .*\. back again: nightly: .* active, /,
      ),
      needsPerson: true,
    });
    expect(itemOf(first, 'sequences')).toMatchObject({ needsPerson: false });
    expect(itemOf(first, 'files')).toMatchObject({
      found: '40 referred to, 0 missing; 1 files without a row',
      needsPerson: false,
    });
    expect(JSON.stringify(first)).not.toMatch(/secret|second '|SCRAM|postgresql:/);

    const second = await reconcile();
    expect(itemOf(second, 'password')).toMatchObject({ found: 'the application can log in', mended: null });
    expect(itemOf(second, 'job queue')).toMatchObject({ mended: null });
    expect(
      await run(vendHub.operator, `SELECT status, count(*) FROM public.dispense_jobs GROUP BY 1 ORDER BY 1`),
    ).toEqual([
      { status: 'done', count: String(seeded.sales) },
      { status: 'held', count: '1' },
      { status: 'pending', count: '1' },
    ]);
  });
});

describe('a verification finds', () => {
  it('rows and tables that are missing, an invariant that is broken, and one that cannot be asked', async () => {
    await run(
      vendHub.operator,
      'DELETE FROM public.product_images WHERE product_id = 3',
      'DROP TABLE public.report',
    );
    const expectation = {
      before: {
        ...before,
        tables: before.tables.map((entry) => ({
          ...entry,
          present: entry.table === 'public.users' ? entry.present + 1 : entry.present,
        })),
      },
      invariants: [
        { name: 'no users', countViolations: 'SELECT count(*) FROM public.users', allowed: 199 },
        { name: 'not SQL', countViolations: 'SELECT nothing FROM nowhere', allowed: 0 },
      ],
    };
    const found = failed(await verify(expectation));
    expect(found.filter((check) => check.advisory)).toEqual([]);
    expect(found).toEqual(
      expect.arrayContaining(
        [
          {
            name: 'table public.report',
            found: 'missing; before the restore it held 1 rows as old as the target',
          },
          { name: 'rows of public.users', found: '200 rows' },
          { name: 'no users', found: '200 violations', expected: 'at most 199 violations' },
          { name: 'not SQL', found: expect.stringContaining('42P01') },
        ].map((check) => expect.objectContaining(check)),
      ),
    );
    const rewoundTwice = failed(await verify({ ...expectation, alreadyRewound: true }));
    expect(rewoundTwice).toEqual(
      found.map((check) => ({
        ...check,
        advisory: check.name.startsWith('rows of ') || check.name === 'table public.report',
      })),
    );
  });

  it('rows that refer to nothing although the catalogue calls the key valid, and an index that is not valid', async () => {
    await run(
      vendHub.superuser,
      `SET session_replication_role = replica; DELETE FROM public.machines WHERE id = 7`,
      `UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'public.sales_created_at'::regclass`,
    );
    const names = failed(await verify()).map(({ name, found }) => `${name}: ${found}`);
    expect(names).toContainEqual(
      expect.stringMatching(/^foreign key sales_machine_id_fkey of public\.sales: 200 rows/),
    );
    expect(names).toContain('indexes: not valid: public.sales_created_at');
  });

  it('commits that came after the target, except in the recovery’s own schema', async () => {
    await run(vendHub.operator, 'CREATE SCHEMA dr', 'CREATE TABLE dr.nonce AS SELECT 1 AS id', saleFor(1));
    const newer = failed(await verify({ schemas: [...schemas, 'dr'] })).map((check) => check.name);
    expect(newer).toEqual(expect.arrayContaining(['nothing newer in public.sales', 'newest commit']));
    expect(newer.filter((name) => name.includes('dr.'))).toEqual([]);
  });

  it('rows that only their column calls newer, for a person to judge', async () => {
    await run(vendHub.superuser, 'ALTER SYSTEM SET track_commit_timestamp = off');
    await vendHub.cluster.stop();
    await vendHub.cluster.start();
    expect(failed(await verify())).toContainEqual({
      name: 'nothing newer in public.sales',
      passed: false,
      advisory: true,
      found: '1 rows later than the target, by their column',
      expected: '0 rows later than the target',
    });
  });

  it('that the survey was of another target', async () => {
    await expect(verify({ targetUnix: target - 1 })).rejects.toMatchObject({ type: 'input-invalid' });
  });
});

describe('a reconciliation needs a person', () => {
  const passwordWith = async (url: string | undefined) => {
    const known = variables.get('DATABASE_URL') ?? '';
    if (url === undefined) variables.delete('DATABASE_URL');
    else variables.set('DATABASE_URL', url);
    const item = itemOf(await reconcile(), 'password');
    variables.set('DATABASE_URL', known);
    return item;
  };
  const url = (user: string, password: string) =>
    connectionUrlFor(vendHub.applicationUrl, { user, password, database: 'vendhub' });

  it('when the application’s login cannot be judged or set', async () => {
    const person = { mended: null, needsPerson: true };
    expect(await passwordWith(undefined)).toMatchObject({
      ...person,
      found: expect.stringContaining('no variable'),
    });
    expect(await passwordWith('not a string')).toMatchObject({
      ...person,
      found: expect.stringContaining('is not a'),
    });
    expect(await passwordWith(url('postgres', 'x'))).toMatchObject({
      ...person,
      found: expect.stringContaining('another role'),
    });
    expect(await passwordWith('postgresql://vendhub_app:x@127.0.0.1:1/vendhub')).toMatchObject({
      ...person,
      found: expect.stringContaining('not judged'),
    });
    await run(vendHub.superuser, 'ALTER ROLE vendhub_app NOLOGIN');
    expect(await passwordWith(url('vendhub_app', 'x'))).toMatchObject({
      ...person,
      found: expect.stringContaining('also after'),
    });
    await run(vendHub.superuser, 'ALTER ROLE vendhub_app LOGIN', 'REVOKE vendhub_app FROM postgres');
    expect(await passwordWith(url('vendhub_app', 'y'))).toMatchObject({
      ...person,
      found: expect.stringContaining('42501'),
    });
  });

  it('when a row refers to a file that is not there', async () => {
    await run(
      vendHub.operator,
      `UPDATE public.product_images SET object_key = 'products/lost.png' WHERE product_id = 9`,
    );
    expect(itemOf(await reconcile(), 'files')).toMatchObject({
      found: expect.stringContaining('1 missing: products/lost.png'),
      needsPerson: true,
    });
  });

  it('and fails when the keys of the pending jobs are gone', async () => {
    await store.putText(
      'runs/1/pending-public.dispense_jobs.json',
      '{"table": "public.other"}',
      'application/json',
    );
    await expect(reconcile()).rejects.toMatchObject({ type: 'reconciliation-failed', retried: false });
  });
});

describe('a page of zeros, which no checksum reports,', () => {
  it('is found by the index that still counts its rows', async () => {
    await run(vendHub.superuser, 'VACUUM public.dispense_jobs');
    await damagePages(vendHub.cluster, vendHub.superuserUrl, 'public.dispense_jobs', [
      { page: 3, with: 'zeros' },
    ]);
    expect(failed(await verify())).toContainEqual(
      expect.objectContaining({
        name: 'table and index of public.dispense_jobs',
        found: expect.stringMatching(/^4\d{3} in the table, 5002 in an index$/),
      }),
    );
  });
});
