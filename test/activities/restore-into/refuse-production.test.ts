import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refuseProduction } from '../../../activities/restore-into/refuse-production.ts';
import { startTestCluster } from '../../sandbox/postgres/test-cluster.ts';
import { failureOf } from '../failure-of.ts';
import { openDatabase } from '../restore-test/world.ts';

let test: Awaited<ReturnType<typeof startTestCluster>>;
beforeAll(async () => {
  test = await startTestCluster();
});
afterAll(() => test.cluster.dispose());

const nobody = openDatabase('postgresql://nobody@127.0.0.1:1/none');
const direct = 'postgresql://postgres:secret-word@db.abcdefghijklmnopqrst.supabase.co:5432/postgres';
const pooler =
  'postgresql://postgres.abcdefghijklmnopqrst:secret-word@aws-0.pooler.supabase.com:5432/postgres';

/** Asks on a server that answers, while production does not. */
const ask = (connectionString: string, database: string, production: string) =>
  openDatabase(test.cluster.connectionString(test.cluster.superuser, 'postgres')).session((session) =>
    refuseProduction(
      { session, connectionString, database },
      { database: nobody, connectionString: production },
    ),
  );

describe('production that does not answer', () => {
  it.each([
    ['its own address', direct, 'postgres', direct],
    ['its project by the pooler', pooler, 'postgres', direct],
    ['another database of its project', pooler, 'look', direct],
    [
      'a server of one’s own',
      'postgresql://a:b@db.internal/x',
      'vendhub',
      'postgresql://c:d@db.internal/vendhub',
    ],
  ])('is refused by %s', async (_what, url, database, production) => {
    const failure = await failureOf(ask(url, database, production));
    expect(failure).toMatchObject({ type: 'input-invalid', retried: false });
    expect(failure.message).toContain('the address of production');
    expect(failure.message).not.toContain('secret-word');
  });

  it.each([
    ['another project', direct.replace('abc', 'xyz'), 'postgres', direct],
    [
      'another server',
      'postgresql://a:b@db.internal:5433/vendhub',
      'vendhub',
      'postgresql://c:d@db.internal/vendhub',
    ],
  ])('is told from %s', async (_what, url, database, production) => {
    expect(await ask(url, database, production)).toContain('another address than production’s');
  });
});
