import { createWriteStream } from 'node:fs';
import { mkdtemp, open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { createPostgresPrograms } from '../../activities/adapters/pg-programs/index.ts';
import { createPostgresDatabase } from '../../activities/adapters/postgres/index.ts';
import { locatePostgres } from '../../activities/adapters/toolbox/index.ts';
import { exportDatabase } from '../../activities/backup/export-database.ts';
import { sealedExport } from '../../activities/backup/export-file.ts';
import { importDatabase } from '../../activities/backup/import-database.ts';
import { writeExport } from '../../activities/backup/write-export.ts';
import { queryAs, startTestCluster } from '../sandbox/postgres/test-cluster.ts';

const rows = Number(process.env['BENCH_ROWS'] ?? 1_000_000);
const pairs = Number(process.env['BENCH_PAIRS'] ?? 5);
const users = 1_000;

const seedSql = `
DROP TABLE sales;
CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL, email text NOT NULL, created_at timestamptz NOT NULL);
CREATE TABLE sales (id bigint PRIMARY KEY, user_id bigint NOT NULL REFERENCES users, machine int NOT NULL,
  product text NOT NULL, price numeric(10,2) NOT NULL, paid boolean NOT NULL, note text, details jsonb, sold_at timestamptz NOT NULL);
INSERT INTO users SELECT i, 'User ' || i, 'user' || i || '@example.com', timestamptz '2024-01-01' + i * interval '1 min'
  FROM generate_series(1, ${users}) i;
INSERT INTO sales SELECT i, 1 + i % ${users}, i % 50, 'Product ' || (i % 200), (i % 1000) / 100.0, i % 7 <> 0,
  CASE WHEN i % 5 = 0 THEN E'a "quoted" note\\nline ' || i END,
  jsonb_build_object('slot', i % 20, 'temp', i % 30, 'card', md5(i::text)), timestamptz '2024-01-01' + i * interval '1 s'
  FROM generate_series(1, ${rows - users}) i;`;

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** Prints medians of two ways that took turns, and the median of the ratios of each turn. */
function report(what: string, ours: readonly number[], theirs: readonly number[], limit: number): void {
  const ratio = median(ours.map((ms, index) => ms / (theirs[index] ?? Number.NaN)));
  console.log(
    `${what}: ${median(ours).toFixed(0)} ms against ${median(theirs).toFixed(0)} ms, ratio ${ratio.toFixed(2)} (limit ${limit.toFixed(1)}; all: ${ours
      .map((ms, index) => (ms / (theirs[index] ?? Number.NaN)).toFixed(2))
      .join(' ')})`,
  );
}

const folder = await mkdtemp(join(tmpdir(), 'bench-export-'));
const { cluster } = await startTestCluster();
let peakBytes = 0;
const watch = setInterval(() => {
  peakBytes = Math.max(peakBytes, process.memoryUsage.rss());
}, 10);
try {
  const at = (name: string) => cluster.connectionString(cluster.superuser, name);
  const query = (name: string, sql: string) => queryAs(at(name), sql);
  const programs = createPostgresPrograms({ binFolder: (await locatePostgres()).path });
  const source = createPostgresDatabase({ connectionString: at('postgres') });
  const [sql, json, schema] = ['dump.sql', 'export.json', 'schema.sql'].map((name) => join(folder, name));
  if (sql === undefined || json === undefined || schema === undefined) throw new Error('no file names');
  await query('postgres', seedSql);
  await query('postgres', 'VACUUM ANALYZE');
  await programs.dumpSql({ connectionString: at('postgres'), file: schema, schemaOnly: true });

  const exportOurs = () =>
    source.session(async (session) => {
      const file = createWriteStream(json);
      const helpers = { database: source, sessions: 1 };
      await writeExport(exportDatabase({ session, schemas: ['public'], helpers }), file);
      await finished(file.end());
    });
  const exportTheirs = () => programs.dumpSql({ connectionString: at('postgres'), file: sql });
  const exports: [number[], number[]] = [[], []];
  for (let pair = 0; pair <= pairs; pair += 1) {
    const [ours, theirs] = [await timed(exportOurs), await timed(exportTheirs)];
    // The first pair warms the cache and the compiler.
    if (pair > 0) {
      exports[0].push(ours);
      exports[1].push(theirs);
    }
  }
  const sizes = await Promise.all([stat(json), stat(sql)]);
  console.log(`${rows} rows; export ${sizes[0].size} bytes, dump ${sizes[1].size} bytes`);
  report('export against pg_dump plain', exports[0], exports[1], 1.0);

  const fresh = async (name: string) => {
    await query('postgres', `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    await query('postgres', `CREATE DATABASE ${name} TEMPLATE template0`);
  };
  const importOurs = async () => {
    const handle = await open(json, 'r');
    const file = await sealedExport(handle.fd, (await handle.stat()).size);
    const database = createPostgresDatabase({ connectionString: at('ours') });
    await importDatabase({ database, file }, { mode: 'refuse' });
    await handle.close();
  };
  const imports: [number[], number[]] = [[], []];
  for (let pair = 0; pair < pairs; pair += 1) {
    await fresh('ours');
    await programs.runSql({ connectionString: at('ours'), file: schema });
    imports[0].push(await timed(importOurs));
    await fresh('theirs');
    imports[1].push(await timed(() => programs.runSql({ connectionString: at('theirs'), file: sql })));
  }
  report('import against psql of that dump', imports[0], imports[1], 1.3);
  console.log(`peak memory of this process: ${(peakBytes / 1_000_000).toFixed(0)} MB (limit 200)`);
} finally {
  clearInterval(watch);
  await cluster.dispose();
  await rm(folder, { recursive: true, force: true });
}
