import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPostgresDatabase } from '../../../activities/adapters/postgres/index.ts';
import { exportDatabase } from '../../../activities/backup/export-database.ts';
import { sealedExport, spool } from '../../../activities/backup/export-file.ts';
import { type ImportOptions, importDatabase } from '../../../activities/backup/import-database.ts';
import type { UnnamedFile } from '../../../activities/unnamed-file.ts';
import { clientPrograms } from '../../sandbox/postgres/client-programs.ts';
import { queryAs, startTestCluster } from '../../sandbox/postgres/test-cluster.ts';
import { failureOf } from '../failure-of.ts';
import { nastySql } from './nasty.ts';
import { randomRows } from './random-values.ts';
import { relatedSql } from './related.ts';

const schemas = ['nasty', 'odd "name".x', 'related'];

describe('an import into a real database', () => {
  let cluster: Awaited<ReturnType<typeof startTestCluster>>['cluster'];
  let folder: string;
  let schemaFile: string;
  let client: Client;
  const files: UnnamedFile[] = [];

  const connectionString = (database: string, role = cluster.superuser) =>
    cluster.connectionString(role, database);
  const database = (name: string, role = cluster.superuser) =>
    createPostgresDatabase({ connectionString: connectionString(name, role) });
  const query = (name: string, sql: string) => queryAs(connectionString(name), sql);

  async function collect(stream: Readable): Promise<Buffer> {
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(Buffer.from(chunk));
    return Buffer.concat(chunks);
  }
  const exported = (name: string, only: { schemas?: readonly string[]; tables?: readonly string[] } = {}) =>
    database(name).session((session) =>
      collect(
        exportDatabase({
          session,
          schemas: only.schemas ?? schemas,
          ...(only.tables !== undefined && { tables: only.tables }),
          helpers: { database: database(name), sessions: 2 },
        }).body,
      ),
    );
  const imported = async (
    name: string,
    bytes: Buffer,
    options: Partial<ImportOptions> = {},
    role = cluster.superuser,
  ) => {
    const file = await spool(Readable.from([bytes]), folder);
    files.push(file);
    const sealed = await sealedExport(file.fd, await file.size());
    return importDatabase({ database: database(name, role), file: sealed }, { mode: 'refuse', ...options });
  };
  /** A database with the schema of the source and no rows. */
  const emptyCopy = async () => {
    const name = `copy_${randomUUID().replaceAll('-', '')}`;
    await query('postgres', `CREATE DATABASE ${name} TEMPLATE template0`);
    await (await clientPrograms()).runFile(connectionString(name), schemaFile);
    return name;
  };
  /** One digest per table over the text of its rows in the order on disk, and where the sequences stand. */
  const contents = async (name: string) => {
    const reader = new Client({ connectionString: connectionString(name) });
    await reader.connect();
    try {
      await reader.query(
        `SET timezone = 'UTC'; SET extra_float_digits = 3; SET bytea_output = 'hex'; SET search_path = ''`,
      );
      const tables = await reader.query<{ name: string }>(
        `SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE relkind = 'r' AND n.nspname = ANY($1) ORDER BY 1`,
        [schemas],
      );
      const digests: Record<string, unknown> = {};
      for (const table of tables.rows) {
        const { rows } = await reader.query(
          `SELECT count(*), md5(string_agg(t::text, E'\\n' ORDER BY t.ctid)) FROM ONLY ${table.name} t`,
        );
        digests[table.name] = rows[0];
      }
      const sequences = await reader.query(
        'SELECT schemaname, sequencename, last_value FROM pg_sequences WHERE schemaname = ANY($1) ORDER BY 1, 2',
        [schemas],
      );
      return { digests, sequences: sequences.rows };
    } finally {
      await reader.end();
    }
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'import-'));
    ({ cluster } = await startTestCluster());
    client = new Client({ connectionString: connectionString('postgres') });
    await client.connect();
    for (const sql of [...nastySql, ...relatedSql]) await client.query(sql);
    for (const { sql, values } of randomRows(1_000)) await client.query(sql, [...values]);
    schemaFile = join(folder, 'schema.sql');
    await (await clientPrograms()).dump(connectionString('postgres'), schemaFile, ['--schema-only']);
  });
  afterAll(async () => {
    for (const file of files) await file.close();
    await client.end();
    await cluster.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  it('brings back every type, every nasty value and 1,000 random rows as they were, and the sequences', async () => {
    const copy = await emptyCopy();
    const loaded = await imported(copy, await exported('postgres'));
    expect(loaded.find(({ name }) => name === 'random_values')?.rows).toBe(1_000);
    const before = await contents('postgres');
    expect(Object.keys(before.digests).length).toBeGreaterThan(45);
    expect(await contents(copy)).toEqual(before);
    const rows = (bytes: Buffer) => bytes.toString().split('\n').slice(1, -2);
    expect(rows(await exported(copy))).toEqual(rows(await exported('postgres')));
    expect(await query(copy, 'INSERT INTO related.orders (customer) VALUES (1) RETURNING id')).toEqual([
      ['3'],
    ]);
  });

  it('does the same for an owner who may not load as a replica, cycles and triggers included', async () => {
    const copy = await emptyCopy();
    await query(
      copy,
      `GRANT CREATE ON DATABASE ${copy} TO shop; GRANT CREATE ON SCHEMA public TO shop;
       DO $$ DECLARE t record; BEGIN
         FOR t IN SELECT c.oid::regclass AS name, relkind FROM pg_class c WHERE relkind IN ('r', 'p', 'v')
           AND relnamespace::regnamespace::text IN ('nasty', '"odd ""name"".x"', 'related')
         LOOP EXECUTE format('ALTER TABLE %s OWNER TO shop', t.name); END LOOP;
         FOR t IN SELECT nspname FROM pg_namespace WHERE nspname IN ('nasty', 'odd "name".x', 'related')
         LOOP EXECUTE format('ALTER SCHEMA %I OWNER TO shop', t.nspname); END LOOP;
         FOR t IN SELECT c.oid::regclass AS name FROM pg_class c WHERE relkind = 'S' AND relnamespace::regnamespace::text
           IN ('nasty', 'related') AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = c.oid AND deptype IN ('a', 'i'))
         LOOP EXECUTE format('ALTER SEQUENCE %s OWNER TO shop', t.name); END LOOP;
       END $$`,
    );
    const shop = { name: 'shop', password: 'a word, with "quotes" & /' };
    const switches = () =>
      query(
        copy,
        `SELECT tgname, tgenabled, tgdeferrable, tginitdeferred FROM pg_trigger WHERE NOT tgisinternal
         UNION ALL SELECT conname, contype, condeferrable, condeferred FROM pg_constraint WHERE contype = 'f' ORDER BY 1, 2`,
      );
    const before = await switches();
    await imported(copy, await exported('postgres'), {}, shop);
    expect(await contents(copy)).toEqual(await contents('postgres'));
    expect(await switches()).toEqual(before);
  });

  it('refuses tables that hold rows, and names the two ways on', async () => {
    const copy = await emptyCopy();
    const bytes = await exported('postgres');
    await imported(copy, bytes);
    const before = await contents(copy);
    const failure = await failureOf(imported(copy, bytes));
    expect(failure.type).toBe('input-invalid');
    expect(failure.message).toMatch(/related\.orders.*--replace.*--upsert/s);
    expect(await contents(copy)).toEqual(before);
  });

  it('replaces what is there when asked, and takes the sequences back with it', async () => {
    const copy = await emptyCopy();
    await query(
      copy,
      `INSERT INTO related.customers (id, name) VALUES (77, 'other'); SELECT setval('nasty.unused', 99);
       INSERT INTO nasty.t1 VALUES (5, 'old')`,
    );
    await imported(copy, await exported('postgres'), { mode: 'replace' });
    expect(await contents(copy)).toEqual(await contents('postgres'));
  });

  it('overwrites and adds rows by primary key, removes none, and leaves a sequence that is ahead', async () => {
    const copy = await emptyCopy();
    await query(
      copy,
      `SET session_replication_role = replica;
       INSERT INTO related.customers (id, name, parent) VALUES (1, 'changed', NULL), (77, 'kept', NULL);
       SELECT setval('related.customers_id_seq', 500)`,
    );
    const bytes = await exported('postgres', { schemas: ['related'], tables: ['customers', 'orders'] });
    await imported(copy, bytes, { mode: 'upsert' });
    await imported(copy, bytes, { mode: 'upsert' });
    expect(await query(copy, 'SELECT id, name FROM related.customers ORDER BY id')).toEqual([
      ['1', 'Ada'],
      ['2', 'Alan'],
      ['77', 'kept'],
    ]);
    expect(await query(copy, 'SELECT last_value FROM related.customers_id_seq')).toEqual([['500']]);
    const failure = await failureOf(
      imported(copy, await exported('postgres', { schemas: ['related'], tables: ['log'] }), {
        mode: 'upsert',
      }),
    );
    expect(failure.message).toContain('related.log has no primary key');
  });

  it('loads chosen tables alone, partitions by the name of the whole, into a schema of another name', async () => {
    const copy = await emptyCopy();
    const bytes = await exported('postgres', { schemas: ['related'] });
    const loaded = await imported(copy, bytes, { tables: ['related.customers'] });
    expect(loaded).toEqual([{ schema: 'related', name: 'customers', rows: 2 }]);
    expect(await query(copy, 'SELECT count(*) FROM related.orders')).toEqual([['0']]);
    expect(await query(copy, 'SELECT last_value FROM related.customers_id_seq')).toEqual([['2']]);

    const parts = await exported('postgres', { schemas: ['related'], tables: ['measured'] });
    await query(
      copy,
      'CREATE SCHEMA elsewhere; CREATE TABLE elsewhere.measured_low (at int, value text); CREATE TABLE elsewhere.measured_high (at int, value text)',
    );
    expect(await imported(copy, parts, { schema: 'elsewhere' })).toEqual([
      { schema: 'elsewhere', name: 'measured_high', rows: 1 },
      { schema: 'elsewhere', name: 'measured_low', rows: 2 },
    ]);
    expect(await query(copy, 'SELECT * FROM elsewhere.measured_low ORDER BY at')).toEqual([
      [1, 'one'],
      [2, 'two'],
    ]);
    expect(await failureOf(imported(copy, bytes, { tables: ['nothing', 'customers'] }))).toMatchObject({
      type: 'input-invalid',
      explanation: { happened: expect.stringContaining('"nothing"') },
    });
  });

  it('changes nothing when a row would refer to one that is not there', async () => {
    const copy = await emptyCopy();
    const bytes = await exported('postgres', { schemas: ['related'], tables: ['orders'] });
    const before = await contents(copy);
    const failure = await failureOf(imported(copy, bytes));
    expect(failure.type).toBe('verification-failed');
    expect(failure.message).toContain('orders_customer_fkey');
    expect(await contents(copy)).toEqual(before);
  });

  it('refuses to empty a table that one outside the export refers to', async () => {
    const copy = await emptyCopy();
    const bytes = await exported('postgres', { schemas: ['related'], tables: ['customers'] });
    const failure = await failureOf(imported(copy, bytes, { mode: 'replace' }));
    expect(failure.type).toBe('input-invalid');
    expect(failure.message).toContain('orders refers to related.customers');
  });

  it('refuses a truncated or altered file before it touches anything', async () => {
    const copy = await emptyCopy();
    const only = { schemas: ['related'], tables: ['customers', 'orders', 'a_child_sorted_first', 'contrib'] };
    const bytes = await exported('postgres', only);
    await imported(copy, bytes);
    await query(copy, `INSERT INTO related.customers (name) VALUES ('written since')`);
    const before = await contents(copy);
    const attempts = 40;
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const position = Math.floor((bytes.length * attempt) / attempts);
      const altered = Buffer.from(bytes);
      altered[position] = (bytes[position] ?? 0) ^ (1 << (attempt % 8));
      const cutAtEnd = bytes.subarray(0, bytes.length - 1 - attempt);
      for (const damaged of [altered, bytes.subarray(0, position), cutAtEnd]) {
        const failure = await failureOf(imported(copy, damaged, { mode: 'replace' }));
        expect(failure.type, `byte ${position}`).toBe('verification-failed');
      }
    }
    expect(await contents(copy)).toEqual(before);
  });

  it('leaves no file behind', async () => {
    expect(await readdir(folder)).toEqual(['schema.sql']);
  });
});
