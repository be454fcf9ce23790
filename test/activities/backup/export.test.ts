import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createPostgresDatabase } from '../../../activities/adapters/postgres/index.ts';
import { exportDatabase } from '../../../activities/backup/export-database.ts';
import { exportHeader, exportTable } from '../../../activities/backup/format.ts';
import { verifyExport } from '../../../activities/backup/verify-export.ts';
import type { Database } from '../../../activities/ports.ts';
import { startTestCluster } from '../../sandbox/postgres/test-cluster.ts';
import { failureOf } from '../failure-of.ts';
import { nastySql, nastyTables } from './nasty.ts';

const documentSchema = exportHeader.extend({
  tables: z.array(
    exportTable.extend({ rows: z.array(z.array(z.string().nullable())), rowCount: z.number() }),
  ),
  rowCounts: z.array(z.object({ schema: z.string(), name: z.string(), rows: z.number() })),
  sha256: z.string(),
});

const schemas = ['nasty', 'odd "name".x'];

async function collect(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

describe('the export of a real database', () => {
  let cluster: Awaited<ReturnType<typeof startTestCluster>>['cluster'];
  let database: Database;
  let client: Client;
  let bytes: Buffer;
  let document: z.infer<typeof documentSchema>;

  const exportBytes = (names: readonly string[] = schemas) =>
    database.session((session) => collect(exportDatabase({ session, schemas: names }).body));

  beforeAll(async () => {
    ({ cluster } = await startTestCluster());
    const connectionString = cluster.connectionString(cluster.superuser, 'postgres');
    database = createPostgresDatabase({ connectionString });
    client = new Client({ connectionString });
    await client.connect();
    for (const sql of nastySql) await client.query(sql);
    bytes = await exportBytes();
    document = documentSchema.parse(JSON.parse(bytes.toString('utf8')));
  });
  afterAll(async () => {
    await client.end();
    await cluster.dispose();
  });

  const table = (name: string) => {
    const found = document.tables.find((candidate) => candidate.name === name);
    if (found === undefined) throw new Error(`The export has no table ${name}.`);
    return found;
  };

  it.each(nastyTables)('gives back every $type as it was', async ({ name, type, count }) => {
    const { rows, columns, primaryKey } = table(name);
    expect(rows).toHaveLength(count);
    expect(primaryKey).toEqual(['id']);
    expect(columns[1]?.type).toBe(type.replace(/^timestamp$/, 'timestamp without time zone'));
    for (const [id, value] of rows) {
      // The server judges: the text, read as the type again, is the very value in its binary form.
      const { rows: verdicts } = await client.query<{ same: boolean }>(
        `SELECT (num_nulls(v) = 1 AND $2::text IS NULL) OR (num_nulls(v) = 0 AND $2::text IS NOT NULL AND
           record_send(ROW(v)) = record_send(ROW(CAST($2::text AS ${type})))) AS same FROM nasty.${name} WHERE id = $1`,
        [id, value],
      );
      expect(verdicts, `${type}: ${value?.slice(0, 80)}`).toEqual([{ same: true }]);
    }
  });

  it('shows the text itself, and NULL apart from what looks like it', () => {
    expect(table('t0').rows.slice(0, 5)).toEqual([
      ['0', null],
      ['1', ''],
      ['2', '\\N'],
      ['3', 'null'],
      ['4', 'a\nb'],
    ]);
    expect(table('t0').rows.map(([, text]) => text)).toContain('\ufeffbegins with a mark');
  });

  it('holds tables of every kind once, and says which columns the server computes', () => {
    expect(document.tables.map(({ name }) => name).filter((name) => !/^t\d+$/.test(name))).toEqual([
      'child',
      'computed',
      'empty',
      'no_columns',
      'parent',
      'part_1',
      'weird.table',
    ]);
    expect(table('parent').rows).toEqual([['1']]);
    expect(table('part_1').rows).toEqual([['5']]);
    expect(table('no_columns').rows).toEqual([[], []]);
    expect(table('empty').rows).toEqual([]);
    expect(table('computed')).toMatchObject({
      primaryKey: ['b', 'a'],
      columns: [
        { name: 'a', generated: null, identity: 'always', notNull: true },
        { name: 'b', generated: null, identity: null },
        { name: 'c', generated: 'stored' },
        { name: 'd', generated: 'virtual' },
      ],
      rows: [
        ['1', '1', '2', '3'],
        ['2', '2', '4', '6'],
      ],
    });
    expect(table('weird.table')).toMatchObject({
      schema: 'odd "name".x',
      rows: [
        ['1', 'x'],
        [null, null],
      ],
    });
    expect(document.sequences).toEqual([
      { schema: 'nasty', name: 'computed_a_seq', lastValue: '2' },
      { schema: 'nasty', name: 'unused', lastValue: null },
    ]);
  });

  it('carries a checksum that can be checked by hand: all lines but the last', () => {
    const last = bytes.lastIndexOf('\n', bytes.length - 2) + 1;
    const byHand = createHash('sha256').update(bytes.subarray(0, last)).digest('hex');
    expect(document.sha256).toBe(byHand);
    expect(bytes.subarray(last).toString()).toBe(`"sha256":"${byHand}"}\n`);
  });

  it('is found whole when nothing was changed, however it is cut into chunks', async () => {
    const whole = await verifyExport(Readable.from([bytes]));
    expect(whole).toMatchObject({
      bytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      rowCounts: document.rowCounts,
    });
    const small = await exportBytes(['odd "name".x']);
    const singles = Array.from(small, (byte) => Buffer.of(byte));
    expect((await verifyExport(Readable.from(singles))).bytes).toBe(small.length);
  });

  it('shows one moment although rows come, go and are truncated meanwhile', async () => {
    await client.query(
      'CREATE SCHEMA moving; CREATE TABLE moving.a (a int); CREATE TABLE moving.b (a int); INSERT INTO moving.a VALUES (1); INSERT INTO moving.b VALUES (1)',
    );
    await database.session(async (session) => {
      const { body, summary } = exportDatabase({ session, schemas: ['moving'] });
      const chunks: Buffer[] = [];
      let truncated: Promise<unknown> = Promise.resolve();
      for await (const chunk of body) {
        if (chunks.length === 0) {
          await client.query('INSERT INTO moving.a VALUES (2); INSERT INTO moving.b VALUES (2)');
          truncated = client.query('TRUNCATE moving.b');
        }
        chunks.push(Buffer.from(chunk));
      }
      await truncated;
      expect(summary().rowCounts.map(({ rows }) => rows)).toEqual([1, 1]);
      expect((await verifyExport(Readable.from(chunks))).header.lsn).toMatch(/^[0-9A-F]+\/[0-9A-F]+$/);
    });
  });

  it('refuses a schema that does not exist instead of leaving it out', async () => {
    expect(await failureOf(exportBytes(['nasty', 'nowhere']))).toMatchObject({
      type: 'input-invalid',
      explanation: { happened: expect.stringContaining('"nowhere"') },
    });
  });

  it('refuses rows that the operator cannot see instead of leaving them out', async () => {
    await client.query(`CREATE SCHEMA secret; CREATE TABLE secret.t (a int); INSERT INTO secret.t VALUES (1);
      ALTER TABLE secret.t ENABLE ROW LEVEL SECURITY;
      GRANT USAGE ON SCHEMA secret TO shop; GRANT SELECT ON secret.t TO shop`);
    const shop = { name: 'shop', password: 'a word, with "quotes" & /' };
    const limited = createPostgresDatabase({ connectionString: cluster.connectionString(shop, 'postgres') });
    const work = limited.session((session) => collect(exportDatabase({ session, schemas: ['secret'] }).body));
    expect((await failureOf(work)).type).toBe('database-query-failed');
  });

  describe('refuses', () => {
    let small: Buffer;
    beforeAll(async () => {
      await client.query(`CREATE SCHEMA small; CREATE TABLE small.empty (a int); CREATE TABLE small.t (a int, b text);
        INSERT INTO small.t VALUES (1, 'one'), (2, NULL), (3, E'tab\\there')`);
      small = await exportBytes(['small']);
    });

    it('an export in which any one bit was flipped', async () => {
      for (let index = 0; index < small.length; index += 1) {
        const altered = Buffer.from(small);
        altered[index] = (small[index] ?? 0) ^ (1 << (index % 8));
        const failure = await failureOf(verifyExport(Readable.from([altered])));
        expect(failure.type, `byte ${index}`).toBe('verification-failed');
      }
    });

    it('an export that ends anywhere before its end', async () => {
      for (let length = 0; length < small.length; length += 1) {
        const failure = await failureOf(verifyExport(Readable.from([small.subarray(0, length)])));
        expect(failure.type, `${length} bytes`).toBe('verification-failed');
      }
    });

    const resealed = (text: string) => {
      const content = text.slice(0, text.lastIndexOf('"sha256"'));
      return Buffer.from(`${content}"sha256":"${createHash('sha256').update(content).digest('hex')}"}\n`);
    };

    it.each([
      ['a row taken out', '  ["2",null],\n', ''],
      ['a row twice', '  ["2",null],\n', '  ["2",null],\n  ["2",null],\n'],
      ['a value taken out', '["2",null]', '["2"]'],
      ['a number for a text', '["2",null]', '[2,null]'],
      ['a table taken out at the end', '{"schema":"small","name":"empty","rows":0},', ''],
      ['a wrong count', '"rowCount":3', '"rowCount":4'],
      ['another format', '"vendhub-export"', '"other-export"'],
      ['a later version', '"version":1', '"version":2'],
    ])('an export with %s, even under a checksum that fits', async (_what, from, to) => {
      const text = small.toString('utf8');
      expect(text.split(from)).toHaveLength(2);
      expect((await verifyExport(Readable.from([resealed(text)]))).bytes).toBe(small.length);
      const failure = await failureOf(verifyExport(Readable.from([resealed(text.replace(from, to))])));
      expect(failure.type).toBe('verification-failed');
    });

    it('anything behind the end, without quoting what it holds', async () => {
      const failure = await failureOf(verifyExport(Readable.from([small, Buffer.from('card 4711\n')])));
      expect(failure.type).toBe('verification-failed');
      expect(failure.message).not.toContain('4711');
    });
  });
});
