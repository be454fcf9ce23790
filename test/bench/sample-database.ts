import { join } from 'node:path';
import { execa } from 'execa';
import { locatePostgres } from '../../activities/adapters/toolbox/index.ts';
import { queryAs, startTestCluster } from '../sandbox/postgres/test-cluster.ts';

const users = 1_000;

/** Sales with every kind of column that VendHub has; a fifth of them have a note of two lines. */
const seedSql = (rows: number) => `
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

/** A server of its own with so many rows, and the programs that come with it. */
export async function startSampleDatabase(rows: number) {
  const { path: binFolder } = await locatePostgres();
  const { cluster } = await startTestCluster();
  const at = (database: string) => cluster.connectionString(cluster.superuser, database);
  const query = (database: string, sql: string) => queryAs(at(database), sql);
  const run = (program: string, words: readonly string[], database: string) =>
    execa(join(binFolder, program), [...words, `--dbname=${at(database)}`], {
      env: { LC_ALL: 'C' },
      stdin: 'ignore',
    });
  await query('postgres', seedSql(rows));
  await query('postgres', 'VACUUM ANALYZE');
  return {
    cluster,
    binFolder,
    at,
    query,
    dump: (file: string, ...words: readonly string[]) =>
      run('pg_dump', ['--encoding=UTF8', `--file=${file}`, ...words], 'postgres'),
    load: (database: string, file: string) =>
      run(
        'psql',
        ['-X', '--quiet', '--set=ON_ERROR_STOP=1', '--single-transaction', `--file=${file}`],
        database,
      ),
    /** An empty database in place of what had that name; what was written before does not slow the next load down. */
    empty: async (database: string) => {
      await query('postgres', `DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
      await query('postgres', `CREATE DATABASE ${database} TEMPLATE template0`);
      await query('postgres', 'CHECKPOINT');
    },
    dispose: () => cluster.dispose(),
  };
}
