import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkForeignKeys } from '../../../activities/database/foreign-keys.ts';
import { inSnapshot } from '../../../activities/database/snapshot.ts';
import { run, startVendHubDatabase, type VendHubDatabase } from './vendhub-database.ts';

let vendHub: VendHubDatabase;

beforeAll(async () => {
  vendHub = await startVendHubDatabase();
  await run(
    vendHub.superuser,
    'CREATE SCHEMA "Odd.one"',
    'CREATE TABLE "Odd.one".hall (a int, "b ""x" bigint, PRIMARY KEY (a, "b ""x"))',
    'INSERT INTO "Odd.one".hall VALUES (1, 1), (2, 2)',
    `CREATE TABLE "Odd.one".shelf (a bigint, b int,
       CONSTRAINT simple FOREIGN KEY (b, a) REFERENCES "Odd.one".hall ("b ""x", a))`,
    `CREATE TABLE "Odd.one".strict (a int, b int,
       CONSTRAINT complete FOREIGN KEY (a, b) REFERENCES "Odd.one".hall MATCH FULL)`,
    `CREATE TABLE "Odd.one".part (id int PRIMARY KEY, a int, b int, parent int CONSTRAINT itself REFERENCES "Odd.one".part,
       CONSTRAINT rooted FOREIGN KEY (a, b) REFERENCES "Odd.one".hall) PARTITION BY RANGE (id)`,
    'CREATE TABLE "Odd.one".part_low PARTITION OF "Odd.one".part FOR VALUES FROM (0) TO (10)',
    'CREATE TABLE "Odd.one".part_high PARTITION OF "Odd.one".part FOR VALUES FROM (10) TO (20)',
    `CREATE TABLE "Odd.one".loose (a int, b int,
       CONSTRAINT unenforced FOREIGN KEY (a, b) REFERENCES "Odd.one".hall NOT ENFORCED)`,
    'INSERT INTO "Odd.one".loose VALUES (9, 9)',
    'INSERT INTO "Odd.one".shelf VALUES (1, 1), (NULL, 7), (7, NULL)',
    'INSERT INTO "Odd.one".strict VALUES (1, 1), (NULL, NULL)',
    'INSERT INTO "Odd.one".part VALUES (1, 1, 1, NULL), (11, 2, 2, 1)',
    'GRANT USAGE ON SCHEMA "Odd.one" TO postgres',
    'GRANT SELECT ON ALL TABLES IN SCHEMA "Odd.one" TO postgres',
  );
});
afterAll(() => vendHub.cluster.dispose());

const orphans = async () => {
  const checks = await vendHub.operator.session((session) =>
    inSnapshot(session, () => checkForeignKeys(session, ['Odd.one'])),
  );
  return Object.fromEntries(
    checks.map(({ name, found, passed }) => [name.split(' ')[2], `${passed}: ${found}`]),
  );
};

describe('the check of foreign keys', () => {
  it('takes NULLs as the kind of key does, and leaves out what is not enforced', async () => {
    const none = 'true: 0 rows that refer to nothing';
    expect(await orphans()).toEqual({ simple: none, complete: none, rooted: none, itself: none });
  });

  it('counts rows that got in past the key, once for a partitioned table', async () => {
    await run(
      vendHub.superuser,
      `SET session_replication_role = replica; INSERT INTO "Odd.one".shelf VALUES (1, 2), (NULL, 9);
       INSERT INTO "Odd.one".strict VALUES (NULL, 1), (3, 3); DELETE FROM "Odd.one".part WHERE id = 1;
       INSERT INTO "Odd.one".part VALUES (2, 5, 5, NULL)`,
    );
    const found = (rows: number) => `false: ${rows} rows that refer to nothing`;
    expect(await orphans()).toEqual({
      simple: found(1),
      complete: found(2),
      rooted: found(1),
      itself: found(1),
    });
  });

  it('fails the check of a table that it may not read, and goes on to the next', async () => {
    await run(vendHub.superuser, 'REVOKE SELECT ON "Odd.one".shelf FROM postgres');
    expect(await orphans()).toMatchObject({
      simple: expect.stringMatching(/^false: .*42501/),
      complete: expect.stringMatching(/^false: 2/),
    });
  });
});
