import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CancelledFailure } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPostgresPrograms } from '../../../activities/adapters/pg-programs/index.ts';
import { locatePostgres } from '../../../activities/adapters/toolbox/index.ts';
import { createRestoreIntoActivities } from '../../../activities/restore-into/index.ts';
import { storeBackup } from '../../../activities/vault/store-backup.ts';
import type { BackupRequest, RestoredInto } from '../../../workflows/contracts/backups.ts';
import { until } from '../../sandbox/postgres/condition.ts';
import { startTestCluster } from '../../sandbox/postgres/test-cluster.ts';
import { run, startVendHubDatabase, type VendHubDatabase } from '../database/vendhub-database.ts';
import { failureOf } from '../failure-of.ts';
import { activityEnvironment, inActivity } from '../in-activity.ts';
import { openDatabase, schemas } from '../restore-test/world.ts';
import { keyringOf, newFolderLocation, vaultOver, work } from '../vault/world.ts';

const json = 'recent/backup-2025-11-29T030000Z.json.gz.enc';
const sql = 'sql/backup-2025-11-29-033000.sql.gz.enc';
let vendHub: VendHubDatabase;
let elsewhere: Awaited<ReturnType<typeof startTestCluster>>;
let first: Awaited<ReturnType<typeof newFolderLocation>>;
let second: Awaited<ReturnType<typeof newFolderLocation>>;

beforeAll(async () => {
  [first, second] = await Promise.all([newFolderLocation('local'), newFolderLocation('s3')]);
  [vendHub, elsewhere] = await Promise.all([startVendHubDatabase(), startTestCluster()]);
  await run(
    vendHub.superuser,
    'CREATE EXTENSION hstore WITH SCHEMA extensions',
    `CREATE TABLE public."Odd ""name" (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, tags extensions.hstore, words text);
     INSERT INTO public."Odd ""name" (tags, words) VALUES ('a=>1', E'\\\\.\\n\\tCOPY x FROM stdin;'), (NULL, ''), (NULL, NULL);
     CREATE TABLE public.nothing (); INSERT INTO public.nothing DEFAULT VALUES;
     COMMENT ON TABLE public.nothing IS E'a comment;\\n\\nof several lines'`,
    `CREATE FUNCTION public.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'closed'; END $$;
     CREATE TRIGGER closed BEFORE INSERT ON public."Odd ""name" FOR EACH ROW EXECUTE FUNCTION public.refuse()`,
    'ALTER TABLE public.users ENABLE ROW LEVEL SECURITY; CREATE POLICY all_of_them ON public.users TO vendhub_app USING (true)',
    'ALTER DEFAULT PRIVILEGES FOR ROLE vendhub_app IN SCHEMA public GRANT SELECT ON TABLES TO pg_monitor',
    'ALTER TABLE public."Odd ""name" OWNER TO postgres; ALTER TABLE public.nothing OWNER TO postgres',
  );
  const vault = vaultOver(vendHub.operatorUrl, [first.location, second.location]);
  const leftoversOlderThanMs = 3_600_000;
  await storeBackup(
    vault,
    { kind: 'recent', at: '2025-11-29T03:00:00Z', schemas, leftoversOlderThanMs },
    work,
  );
  await storeBackup(vault, { kind: 'sql', at: '2025-11-29T03:30:00Z', schemas, leftoversOlderThanMs }, work);
});
afterAll(() =>
  Promise.all([vendHub.cluster.dispose(), elsewhere.cluster.dispose(), first.remove(), second.remove()]),
);

const targetUrl = (name = 'postgres') =>
  elsewhere.cluster.connectionString(elsewhere.cluster.superuser, name);
const ask = (name: string): BackupRequest => ({ kind: 'named', name });

async function restore(
  backup: BackupRequest,
  database: string | null,
  options: {
    readonly variable?: string;
    readonly url?: string;
    readonly productionUrl?: string;
    readonly environment?: ReturnType<typeof activityEnvironment>;
    /** Done to the database behind the load. */
    readonly meddle?: (connectionString: string) => Promise<unknown>;
  } = {},
): Promise<RestoredInto> {
  const { variable = 'RESTORE_DATABASE_URL', productionUrl = vendHub.operatorUrl } = options;
  const programs = createPostgresPrograms({ binFolder: (await locatePostgres()).path });
  const { restoreBackupInto } = createRestoreIntoActivities({
    locations: [first.location, second.location],
    keyring: keyringOf(),
    programs: {
      ...programs,
      runSql: async (loading) => {
        const warnings = await programs.runSql(loading);
        await options.meddle?.(loading.connectionString);
        return warnings;
      },
    },
    openDatabase,
    production: { database: openDatabase(productionUrl), connectionString: productionUrl },
    targets: { RESTORE_DATABASE_URL: options.url ?? targetUrl(), UNSET_DATABASE_URL: undefined },
  });
  return inActivity(options.environment ?? activityEnvironment(), () =>
    restoreBackupInto({ backup, target: { variable, database }, maxDurationMs: 60_000 }),
  );
}

const databases = async () =>
  (await elsewhere.query('SELECT datname FROM pg_database ORDER BY 1')).map(([name]) => String(name));
const inDatabase = (name: string, statement: string) => run(openDatabase(targetUrl(name)), statement);
const freshName = () => `look_${randomBytes(6).toString('hex')}`;
const failed = ({ checks }: RestoredInto) => checks.filter(({ passed }) => !passed);
const foundOf = ({ checks }: RestoredInto, name: string) =>
  checks.find((check) => check.name === name)?.found;

describe.each([
  ['an export', json],
  ['a SQL dump', sql],
])('%s', (_what, key) => {
  it('goes into a database that is made for it, every row as its manifest says', async () => {
    const name = freshName();
    const restored = await restore(ask(key), name);
    expect(failed(restored)).toEqual([]);
    expect(restored).toMatchObject({ backupKey: key, location: 'local', database: name, created: true });
    expect(foundOf(restored, 'not production')).toBe('another server than production’s');
    expect(foundOf(restored, 'rows of public.sales')).toBe('5000');
    expect(foundOf(restored, 'content of public.Odd "name')).toBe('every row as in the backup');
    expect(foundOf(restored, 'foreign key sales_user_id_fkey of public.sales')).toMatch(/^0 rows/);
    const leftOut = foundOf(restored, 'schema restored');
    expect(leftOut).toMatch(/^every object was made\. left out on this server: /);
    expect(leftOut).toContain('all_of_them');
    expect(leftOut).toContain('vendhub_app');
    const [row] = await inDatabase(
      name,
      `SELECT (SELECT words FROM "Odd ""name" WHERE id = 1) AS words, (SELECT count(*)::int FROM nothing) AS nothing,
         obj_description('nothing'::regclass) AS comment, shobj_description(oid, 'pg_database') AS mark
       FROM pg_database WHERE datname = current_database()`,
    );
    expect(row).toEqual({
      words: '\\.\n\tCOPY x FROM stdin;',
      nothing: 1,
      comment: 'a comment;\n\nof several lines',
      mark: null,
    });
    const next = `INSERT INTO sales (machine_id, product_id, user_id, amount_cents) VALUES (1, 1, 1, 1) RETURNING id`;
    expect(await inDatabase(name, next)).toEqual([{ id: '5001' }]);
  });

  it('goes into a database that is there and empty, and is refused by one whose tables hold rows', async () => {
    const name = freshName();
    await elsewhere.query(`CREATE DATABASE ${name} TEMPLATE template0`);
    expect(failed(await restore(ask(key), null, { url: targetUrl(name) }))).toEqual([]);
    await inDatabase(name, "UPDATE machines SET location = 'mine' WHERE id = 1");
    for (const database of [name, null]) {
      const failure = await failureOf(restore(ask(key), database, { url: targetUrl(name) }));
      expect(failure).toMatchObject({ type: 'input-invalid', retried: false });
      expect(failure.message).toContain('hold rows: public.');
    }
    expect(await inDatabase(name, 'SELECT location FROM machines WHERE id = 1')).toEqual([
      { location: 'mine' },
    ]);
  });

  it('comes from another location where a copy was altered, which is said', async () => {
    const path = join(first.root, key);
    const bytes = await readFile(path);
    await writeFile(path, flipped(bytes));
    try {
      const restored = await restore(ask(key), freshName());
      expect(restored.location).toBe('s3');
      expect(failed(restored)).toMatchObject([
        {
          name: 'every copy is whole',
          advisory: true,
          found: expect.stringContaining('its bytes were altered'),
        },
      ]);
    } finally {
      await writeFile(path, bytes);
    }
  });

  it('is not restored from where every copy was altered, and no database is left', async () => {
    const paths = [first, second].map(({ root }) => join(root, key));
    const bytes = await Promise.all(paths.map((path) => readFile(path)));
    const before = await databases();
    for (const [index, path] of paths.entries()) await writeFile(path, flipped(bytes[index] ?? Buffer.of()));
    try {
      const failure = await failureOf(restore(ask(key), freshName()));
      expect(failure.type).toBe('verification-failed');
      expect(await databases()).toEqual(before);
    } finally {
      for (const [index, path] of paths.entries()) await writeFile(path, bytes[index] ?? Buffer.of());
    }
  });

  it('that cannot be loaded leaves neither a database nor an object', async () => {
    const empty = freshName();
    await elsewhere.query(`CREATE DATABASE ${empty} TEMPLATE template0`);
    // No index can be made of that name: the last part of the restore fails.
    await inDatabase(empty, 'CREATE SEQUENCE sales_created_at');
    const failure = await failureOf(restore(ask(key), empty));
    expect(failure.type).toBe('database-query-failed');
    expect(failure.message).toContain('sales_created_at');
    expect(await inDatabase(empty, "SELECT relname FROM pg_class WHERE relname = 'users'")).toEqual([]);
    expect(await databases()).toContain(empty);
  });

  it('leaves nothing when it is cancelled in the middle', async () => {
    const name = freshName();
    await elsewhere.query(`CREATE DATABASE ${name} TEMPLATE template0`);
    const environment = activityEnvironment();
    await openDatabase(targetUrl(name)).session(async (session) => {
      // Whoever makes a table of that name waits for the end of this transaction.
      await session.query('BEGIN; CREATE TABLE public.sales ()');
      const restoring = restore(ask(key), name, { environment });
      await until('the restore waits in the middle', 60_000, async () => {
        const waiting = `SELECT FROM pg_stat_activity WHERE datname = '${name}' AND wait_event_type = 'Lock'`;
        return (await elsewhere.query(waiting)).length > 0 || undefined;
      });
      environment.cancel();
      await expect(restoring).rejects.toThrow(CancelledFailure);
      await session.query('ROLLBACK');
    });
    await until('nobody is connected any longer', 60_000, async () => {
      const others = `SELECT FROM pg_stat_activity WHERE datname = '${name}'`;
      return (await elsewhere.query(others)).length === 0 || undefined;
    });
    expect(await inDatabase(name, "SELECT FROM pg_tables WHERE schemaname = 'public'")).toEqual([]);
  });

  it('takes an earlier attempt’s work for done, and drops what a killed one had begun', async () => {
    const [done, begun] = [freshName(), freshName()];
    const again = activityEnvironment({ attempt: 2 });
    await elsewhere.query(`CREATE DATABASE ${done} TEMPLATE template0`);
    await restore(ask(key), done);
    expect(failed(await restore(ask(key), done, { environment: again }))).toEqual([]);
    await elsewhere.query(`CREATE DATABASE ${begun} TEMPLATE template0`);
    await elsewhere.query(
      `COMMENT ON DATABASE ${begun} IS 'vendhub-dr: a restore into this database is under way'`,
    );
    await inDatabase(begun, 'CREATE TABLE users (id int); INSERT INTO users VALUES (1)');
    expect(failed(await restore(ask(key), begun))).toEqual([]);
    await inDatabase(done, 'DELETE FROM product_images WHERE product_id = 1');
    const failure = await failureOf(
      restore(ask(key), done, { environment: activityEnvironment({ attempt: 2 }) }),
    );
    expect(failure.message).toContain('hold rows');
  });
});

function flipped(bytes: Buffer): Buffer {
  const altered = Buffer.from(bytes);
  const at = Math.floor(altered.length / 2);
  altered[at] = (altered[at] ?? 0) ^ 1;
  return altered;
}

describe('a restore into a chosen database', () => {
  it.each(['127.0.0.1', 'localhost'])('refuses production, reached as %s', async (host) => {
    const url = vendHub.operatorUrl.replace('127.0.0.1', host);
    for (const database of [null, 'vendhub']) {
      const failure = await failureOf(restore(ask(json), database, { url }));
      expect(failure.type).toBe('input-invalid');
      expect(failure.message).toContain('production itself');
      expect(failure.message).not.toContain('operator-password');
    }
  });

  it('goes on where production does not answer and has another address', async () => {
    const productionUrl = 'postgresql://postgres:secret-word@127.0.0.1:1/vendhub';
    const restored = await restore(ask(json), freshName(), { productionUrl });
    expect(foundOf(restored, 'not production')).toBe(
      'another address than production’s, which does not answer',
    );
  });

  it.each([
    ['backup-2025-11-29T030000Z.json', json],
    ['backup-2025-11-29-033000.sql', sql],
    ['sql/backup-2025-11-29-033000.sql', sql],
  ])('finds a backup by the name %s', async (name, key) => {
    expect((await restore(ask(name), freshName())).backupKey).toBe(key);
  });

  it('finds the newest of each format', async () => {
    for (const [format, key] of [
      ['json', json],
      ['sql', sql],
    ] as const) {
      expect((await restore({ kind: 'newest', format }, freshName())).backupKey).toBe(key);
    }
  });

  it.each([
    [
      'a name that no backup has',
      ask('backup-2025-11-28.json'),
      {},
      'There is no backup "backup-2025-11-28.json"',
    ],
    ['production’s variable', ask(json), { variable: 'DATABASE_URL' }, 'DATABASE_URL is production'],
    ['a variable that is not known', ask(json), { variable: 'HOME' }, 'knows no such target'],
    [
      'a variable that is not set',
      ask(json),
      { variable: 'UNSET_DATABASE_URL' },
      'UNSET_DATABASE_URL is not set',
    ],
  ] as const)('refuses %s', async (_what, backup, options, message) => {
    const before = await databases();
    const failure = await failureOf(restore(backup, freshName(), options));
    expect(failure).toMatchObject({ type: 'input-invalid', retried: false });
    expect(failure.message).toContain(message);
    expect(await databases()).toEqual(before);
  });

  it('refuses a SQL dump where its tables are there already, and fills them from an export', async () => {
    const name = freshName();
    await restore(ask(json), name);
    await inDatabase(
      name,
      'TRUNCATE users, products, machines, sales, dispense_jobs, product_images, migrations, nothing, "Odd ""name"',
    );
    expect((await failureOf(restore(ask(sql), name))).message).toContain(
      'a SQL dump makes its tables itself',
    );
    expect(failed(await restore(ask(json), name))).toEqual([]);
    await inDatabase(
      name,
      'TRUNCATE users, products, machines, sales, dispense_jobs, product_images, migrations, nothing, "Odd ""name"; DROP TABLE nothing',
    );
    expect((await failureOf(restore(ask(json), name))).message).toContain('of the backup’s');
  });

  it('drops the database that it made where a row is another than the backup holds', async () => {
    const name = freshName();
    const meddle = (made: string) =>
      run(openDatabase(made), "UPDATE machines SET location = 'elsewhere' WHERE id = 3");
    const restored = await restore(ask(sql), name, { meddle });
    expect(failed(restored).map((check) => [check.name, check.found])).toEqual([
      ['content of public.machines', 'other rows than the backup holds'],
      [`database ${name}`, 'dropped again'],
    ]);
    expect(await databases()).not.toContain(name);
  });

  it('waits its turn where another run restores into the same name', async () => {
    const name = freshName();
    await openDatabase(targetUrl()).session(async (session) => {
      await session.query(`SELECT pg_advisory_lock(${0x76_68_72_69}, hashtext('${name}'))`);
      const failure = await failureOf(restore(ask(json), name));
      expect(failure).toMatchObject({ type: 'attempt-lost', retried: true });
    });
    expect(await databases()).not.toContain(name);
  });
});
