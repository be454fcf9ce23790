import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSchemaDumper } from '../../../../activities/adapters/pg-programs/index.ts';
import { locatePostgres } from '../../../../activities/adapters/toolbox/index.ts';
import { queryAs, startTestCluster } from '../../../sandbox/postgres/test-cluster.ts';
import { failureOf } from '../../failure-of.ts';

let cluster: Awaited<ReturnType<typeof startTestCluster>>['cluster'];
let url: string;
let binFolder: string;

beforeAll(async () => {
  ({ cluster } = await startTestCluster());
  url = cluster.connectionString(cluster.superuser, 'postgres');
  ({ path: binFolder } = await locatePostgres());
});
afterAll(() => cluster.dispose());

describe('a dump of a schema', () => {
  const dumpBy = (connectionString: string) => createSchemaDumper({ binFolder, connectionString });

  it('takes names as they are, and parts what comes before the rows from what comes after', async () => {
    await queryAs(
      url,
      `CREATE SCHEMA "Odd.*"; CREATE TABLE "Odd.*".a (id int); CREATE SCHEMA odd; CREATE TABLE odd.b ()`,
    );
    const { preData, postData } = await dumpBy(url).dump({ schemas: ['Odd.*'] });
    expect(preData).toContain('CREATE TABLE "Odd.*".a');
    expect(preData).not.toContain('odd.b');
    expect(postData).not.toContain('CREATE TABLE');
  });

  it('shows the moment of a snapshot that another session holds', async () => {
    await queryAs(url, 'CREATE SCHEMA held; CREATE TABLE held.before ()');
    const holder = new Client({ connectionString: url });
    await holder.connect();
    try {
      await holder.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
      const { rows } = await holder.query<{ id: string }>('SELECT pg_export_snapshot() AS id');
      await queryAs(url, 'CREATE TABLE held.after ()');
      const dump = await dumpBy(url).dump({ schemas: ['held'], snapshotId: rows[0]?.id ?? '' });
      expect(dump.preData).toContain('held.before');
      expect(dump.preData).not.toContain('held.after');
    } finally {
      await holder.end();
    }
  });

  it('fails for a schema that is not there', async () => {
    const failure = await failureOf(dumpBy(url).dump({ schemas: ['nope'] }));
    expect(failure.type).toBe('database-query-failed');
    expect(failure.message).toContain('nope');
  });

  it('is tried again where the database does not answer, and shows no secret', async () => {
    const failure = await failureOf(
      dumpBy('postgresql://operator:hidden-word@127.0.0.1:1/vendhub').dump({ schemas: ['public'] }),
    );
    expect(failure).toMatchObject({ type: 'database-unreachable', retried: true });
    expect(failure.message).not.toMatch(/hidden-word|127\.0\.0\.1/);
  });

  it('ends when it is cancelled', async () => {
    const reason = new Error('enough');
    await expect(dumpBy(url).dump({ schemas: ['public'], signal: AbortSignal.abort(reason) })).rejects.toBe(
      reason,
    );
  });
});
