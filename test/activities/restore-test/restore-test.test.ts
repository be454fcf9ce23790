import { Readable } from 'node:stream';
import { CancelledFailure } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSchemaDumper } from '../../../activities/adapters/pg-programs/index.ts';
import { locatePostgres } from '../../../activities/adapters/toolbox/index.ts';
import type { RestoreTest } from '../../../activities/restore-test/index.ts';
import { startTestCluster } from '../../sandbox/postgres/test-cluster.ts';
import { run, startVendHubDatabase, type VendHubDatabase } from '../database/vendhub-database.ts';
import { failureOf } from '../failure-of.ts';
import { activityEnvironment } from '../in-activity.ts';
import { exportText, sealed, sourceOf, withRows } from './export-text.ts';
import { newServerFolder, ownServer, schemas, testRestoreOf } from './world.ts';

let vendHub: VendHubDatabase;
let text: string;
let folder: Awaited<ReturnType<typeof newServerFolder>>;
let elsewhere: Awaited<ReturnType<typeof startTestCluster>>;

beforeAll(async () => {
  folder = await newServerFolder();
  [vendHub, elsewhere] = await Promise.all([startVendHubDatabase(), startTestCluster()]);
  await run(
    vendHub.superuser,
    'CREATE EXTENSION hstore WITH SCHEMA extensions',
    `CREATE TYPE public.mood AS ENUM ('fine', 'so so');
     CREATE TABLE public.notes (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, mood public.mood, tags extensions.hstore,
       words text, length int GENERATED ALWAYS AS (char_length(words)) STORED)`,
    // A load puts some of these rows where an earlier page has room: they come back in another order.
    `ALTER TABLE public.notes ALTER words SET STORAGE PLAIN;
     INSERT INTO public.notes (mood, tags, words)
       SELECT 'so so', 'a=>1', repeat('x', (ARRAY[5000, 5000, 2500, 2500])[1 + (n - 1) % 4]) FROM generate_series(1, 400) n;
     CLUSTER public.notes USING notes_pkey`,
    `CREATE FUNCTION public.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'closed'; END $$;
     CREATE TRIGGER closed BEFORE INSERT ON public.notes FOR EACH ROW EXECUTE FUNCTION public.refuse()`,
    'ALTER TABLE public.users ENABLE ROW LEVEL SECURITY; CREATE POLICY all_of_them ON public.users TO vendhub_app USING (true)',
    'GRANT SELECT ON public.notes TO postgres; ALTER TABLE public.notes OWNER TO postgres',
  );
  const { path: binFolder } = await locatePostgres();
  const dumper = createSchemaDumper({ binFolder, connectionString: vendHub.operatorUrl });
  text = await exportText(vendHub.operator, schemas, await dumper.dump({ schemas }));
});
afterAll(() => Promise.all([vendHub.cluster.dispose(), elsewhere.cluster.dispose(), folder.remove()]));

/** On a server that is there, which is quicker. */
const test = async (edited: string, manifestOf = edited) =>
  testRestoreOf(await sourceOf(edited, manifestOf), {
    productionUrl: vendHub.operatorUrl,
    server: { connectionString: elsewhere.cluster.connectionString(elsewhere.cluster.superuser, 'postgres') },
  });
const failed = ({ checks }: RestoreTest) => checks.filter(({ passed }) => !passed).map(({ name }) => name);
describe('a restore test of a good backup', () => {
  it('brings back every row, key, index and function, and leaves nothing behind', async () => {
    const environment = activityEnvironment();
    const heartbeats: unknown[] = [];
    environment.on('heartbeat', (details) => heartbeats.push(details));
    const result = await testRestoreOf(await sourceOf(text), {
      productionUrl: vendHub.operatorUrl,
      server: await ownServer(folder.folderRoot),
      environment,
    });
    expect(failed(result)).toEqual([]);
    expect(result).toMatchObject({
      passed: true,
      environment: 'production',
      database: expect.stringMatching(/^vendhub_restore_test_\d{10}$/),
      backupKey: 'daily/backup-2025-11-29.json.gz.enc',
      snapshotAt: '2025-11-29T03:00:00.000000Z',
      restoreMs: expect.any(Number),
    });
    const byName = new Map(result.checks.map((check) => [check.name, check.found]));
    expect(Object.fromEntries(byName)).toMatchObject({
      users: '200',
      'schema restored': 'every object was made',
      'rows of public.sales': '5000',
      'content of public.notes': 'every row as in the backup',
      'foreign key sales_user_id_fkey of public.sales': '0 rows that refer to nothing',
      'at least 100 users': '0 violations',
    });
    expect(heartbeats).toContain('checking every dispense job belongs to a sale');
    expect(await folder.servers()).toEqual([]);
  });
});

describe('a restore test of a backup that is not good', () => {
  it('fails for a row that the manifest counts and the backup does not hold', async () => {
    const short = withRows(text, (table, rows) => (table === 'product_images' ? rows.slice(1) : rows));
    const result = await test(short, text);
    expect(failed(result)).toEqual(['rows of public.product_images', 'content of public.product_images']);
    expect(result.passed).toBe(false);
  });

  it('fails for one value that is another than the manifest says', async () => {
    const other = withRows(text, (_, rows) => rows.map((row) => row.replace('"VH-M7"', '"VH-M0"')));
    expect(failed(await test(other, text))).toEqual(['content of public.machines']);
  });

  it('fails for 99 users, however well they are restored', async () => {
    const few = withRows(text, (table, rows) =>
      table === 'users' ? rows.slice(0, 99) : /sales|jobs/.test(table) ? [] : rows,
    );
    expect(failed(await test(few))).toEqual(['users', 'at least 100 users']);
  });

  it('fails for rows that refer to nothing, though the key cannot be made on them', async () => {
    const orphans = withRows(text, (table, rows) => (table === 'users' ? rows.slice(5) : rows));
    const result = await test(orphans);
    expect(failed(result)).toEqual(['foreign key sales_user_id_fkey of public.sales']);
    expect(result.checks.find(({ passed }) => !passed)?.found).toBe('125 rows that refer to nothing');
  });

  it('fails for a unique key that the rows break, and names it', async () => {
    const twice = withRows(text, (table, rows) => (table === 'machines' ? [...rows, rows[0] ?? ''] : rows));
    const result = await test(twice);
    expect(failed(result)).toContain('schema restored');
    expect(result.checks.find(({ name }) => name === 'schema restored')?.found).toContain(
      'not made: CONSTRAINT machines machines_name_key (SQLSTATE 23505',
    );
  });

  it('fails for a restored row that is another than the backup holds', async () => {
    const meddle = `
--
-- Name: meddle; Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.meddle() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.location := $$elsewhere$$; RETURN NEW; END';
CREATE TRIGGER meddle BEFORE INSERT ON public.machines FOR EACH ROW WHEN (NEW.id = 3) EXECUTE FUNCTION public.meddle();
ALTER TABLE public.machines ENABLE ALWAYS TRIGGER meddle;
`;
    const edited = text.replace('","postData":"', (next) => `${JSON.stringify(meddle).slice(1, -1)}${next}`);
    expect(failed(await test(sealed(edited)))).toEqual(['content of public.machines']);
  });

  it('says when indexes and keys are not from the backup', async () => {
    const result = await test(await exportText(vendHub.operator, schemas));
    expect(failed(result)).toEqual(['schema in the backup']);
  });

  it('fails where the rows cannot be loaded at all', async () => {
    const result = await test(text.replace('"VH-M7"', '"VH-M0"'));
    expect(failed(result)).toEqual(['backup restored']);
    expect(result.restoreMs).toBeNull();
  });
});

describe('a restore test', () => {
  it('ends when it is cancelled while rows are loaded, and leaves nothing behind', async () => {
    const environment = activityEnvironment();
    const source = await sourceOf(text);
    const opened = async () => ({
      ...(await source.openNewest({ signal: new AbortController().signal, progress: () => undefined })),
      body: new Readable({ read: () => environment.cancel() }),
    });
    await expect(
      testRestoreOf(
        { openNewest: opened },
        { productionUrl: vendHub.operatorUrl, server: await ownServer(folder.folderRoot), environment },
      ),
    ).rejects.toThrow(CancelledFailure);
    expect(await folder.servers()).toEqual([]);
  });

  it('refuses production, also by another name', async () => {
    const source = await sourceOf(text);
    for (const host of ['127.0.0.1', 'localhost']) {
      const connectionString = vendHub.operatorUrl.replace('127.0.0.1', host);
      const failure = await failureOf(
        testRestoreOf(source, { productionUrl: vendHub.operatorUrl, server: { connectionString } }),
      );
      expect(failure.type).toBe('restore-test-failed');
      expect(failure.message).toContain('production itself');
      expect(failure.message).not.toContain('operator-password');
    }
    expect(
      await run(vendHub.operator, "SELECT FROM pg_database WHERE datname LIKE 'vendhub_restore_test_%'"),
    ).toEqual([]);
  });

  it('uses an existing server, makes no roles there, and drops its database', async () => {
    const before = await elsewhere.query('SELECT rolname FROM pg_roles ORDER BY 1');
    const result = await test(text);
    expect(failed(result)).toEqual([]);
    expect(result.checks.find(({ name }) => name === 'schema restored')?.found).toMatch(
      /^every object was made\. left out on this server: .*POLICY users all_of_them/,
    );
    expect(await elsewhere.query('SELECT rolname FROM pg_roles ORDER BY 1')).toEqual(before);
    expect(await elsewhere.query("SELECT datname FROM pg_database WHERE datname ~ 'restore_test'")).toEqual(
      [],
    );
    expect(elsewhere.cluster.status()).toBe('running');
  });
});
