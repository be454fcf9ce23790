import { startTestCluster } from '../../sandbox/postgres/test-cluster.ts';

/** A database with a small schema `shop` and a larger one `bulk`. */
export async function startVaultDatabase() {
  const test = await startTestCluster();
  await test.query(
    `CREATE SCHEMA shop;
     CREATE TABLE shop.users (id bigint PRIMARY KEY, name text);
     INSERT INTO shop.users SELECT id, E'name ]\\n' || id FROM generate_series(1, 20) AS id;
     CREATE TABLE shop.empty (id bigint);
     CREATE SCHEMA bulk;
     CREATE TABLE bulk.lots AS SELECT id, md5(id::text) || md5((id + 1)::text) AS noise
       FROM generate_series(1, 60000) AS id`,
  );
  const { cluster } = test;
  return {
    connectionString: cluster.connectionString(cluster.superuser, 'postgres'),
    query: test.query,
    /** Stops it as an operator does, which ends every session, and starts it again. */
    restart: async () => {
      await cluster.stop('fast');
      await cluster.start();
    },
    stop: () => cluster.dispose(),
  };
}
