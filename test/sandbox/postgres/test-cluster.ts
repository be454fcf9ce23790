import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Client } from 'pg';
import { locatePostgres } from '../../../activities/adapters/toolbox/index.ts';
import {
  type Role,
  type SandboxPostgresOptions,
  startSandboxPostgres,
  temporaryFolderRoot,
} from './index.ts';

/** A role that is no superuser, as an application has. */
export const shop: Role = { name: 'shop', password: 'a word, with "quotes" & /' };

/** A cluster of a test's own, with the role {@link shop} and its table `sales`. */
export async function startTestCluster(options: Partial<SandboxPostgresOptions> = {}) {
  const { path: binFolder } = await locatePostgres();
  const folder = join(await temporaryFolderRoot(), `postgres-test-${process.pid}-${randomUUID()}`);
  const cluster = await startSandboxPostgres({ folder, binFolder, ...options });
  const query = (sql: string) => queryAs(cluster.connectionString(cluster.superuser, 'postgres'), sql);
  const password = shop.password.replaceAll("'", "''");
  await query(`CREATE ROLE ${shop.name} LOGIN PASSWORD '${password}'`);
  await query(`CREATE TABLE sales (id bigint PRIMARY KEY); GRANT ALL ON sales TO ${shop.name}`);
  /** Sells one thing and gives the Unix second of its commit, rounded up. */
  const sell = async (id: number) => {
    await query(`INSERT INTO sales VALUES (${id})`);
    const [row] = await query(
      `SELECT ceil(extract(epoch FROM pg_xact_commit_timestamp(xmin))) FROM sales WHERE id = ${id}`,
    );
    return Number(row?.[0]);
  };
  const sold = async () => (await query('SELECT id FROM sales ORDER BY id')).map(([id]) => Number(id));
  return { cluster, folder, query, sell, sold };
}

/** Runs SQL over a connection of its own; gives the last result's rows. */
export async function queryAs(
  connectionString: string,
  sql: string,
): Promise<readonly (readonly unknown[])[]> {
  const client = new Client({ connectionString });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<unknown[]>({ text: sql, rowMode: 'array' });
    return rows;
  } finally {
    await client.end();
  }
}
