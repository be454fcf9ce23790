import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { recheckLoss } from '../../../activities/database/recheck-loss.ts';
import { surveyLoss } from '../../../activities/database/survey-loss.ts';
import { damagePages } from '../../sandbox/postgres/damage-pages.ts';
import { run, startVendHubDatabase, timestampColumns, type VendHubDatabase } from './vendhub-database.ts';

let vendHub: VendHubDatabase;

beforeAll(async () => {
  vendHub = await startVendHubDatabase();
});
afterAll(() => vendHub.cluster.dispose());

beforeEach(async () => {
  await run(vendHub.operator, 'DROP SCHEMA IF EXISTS shop CASCADE', 'CREATE SCHEMA shop');
});

const longAgo = 1_700_000_000;
const question = (targetUnix: number) => ({ targetUnix, schemas: ['shop'], timestampColumns });

describe('a survey of the loss', () => {
  it('tells rows written after the target by their commit, also those of subtransactions and updates', async () => {
    await run(
      vendHub.operator,
      'CREATE TABLE shop.sales (id int, note text)',
      `INSERT INTO shop.sales SELECT n, 'old' FROM generate_series(1, 10) n`,
    );
    const target = await vendHub.closedSecond();
    await run(
      vendHub.operator,
      `INSERT INTO shop.sales VALUES (11, 'new')`,
      `DO $$ BEGIN INSERT INTO shop.sales VALUES (12, 'new');
         BEGIN INSERT INTO shop.sales VALUES (13, 'new'); EXCEPTION WHEN OTHERS THEN NULL; END;
         BEGIN INSERT INTO shop.sales VALUES (99, 'never'); RAISE 'undone'; EXCEPTION WHEN OTHERS THEN NULL; END; END $$`,
      `UPDATE shop.sales SET note = 'changed' WHERE id <= 2`,
      'DELETE FROM shop.sales WHERE id = 3',
      'VACUUM FREEZE shop.sales',
    );
    const survey = await surveyLoss(vendHub.operator, {
      ...question(target),
      baseline: { recordedUnix: target, tables: [{ table: 'shop.sales', rows: 10 }] },
    });
    expect(survey.tables).toEqual([
      { table: 'shop.sales', present: 12, discarded: 5, basis: 'commit-timestamp', broughtBack: 3 },
    ]);
    const [newest] = z
      .array(z.object({ at: z.string() }))
      .parse(
        await run(vendHub.operator, 'SELECT max(pg_xact_commit_timestamp(xmin))::text AS at FROM shop.sales'),
      );
    expect(survey.newestCommitAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
    expect(new Date(newest?.at ?? '').getTime()).toBe(new Date(survey.newestCommitAt ?? '').getTime());
    expect(survey.databaseBytes).toBeGreaterThan(1_000_000);
  });

  it('does not count on a baseline that is later than the target', async () => {
    await run(vendHub.operator, 'CREATE TABLE shop.t AS SELECT 1 AS id');
    const target = await vendHub.closedSecond();
    const survey = await surveyLoss(vendHub.operator, {
      ...question(target),
      baseline: { recordedUnix: target + 1, tables: [{ table: 'shop.t', rows: 10 }] },
    });
    expect(survey.tables).toMatchObject([{ present: 1, discarded: 0, broughtBack: null }]);
  });

  it('counts partitions with their root, heirs apart, and quotes every name', async () => {
    await run(
      vendHub.operator,
      'CREATE TABLE shop."Odd ""name; --" (id int) PARTITION BY RANGE (id)',
      'CREATE TABLE shop.low PARTITION OF shop."Odd ""name; --" FOR VALUES FROM (0) TO (10)',
      'CREATE TABLE shop.high PARTITION OF shop."Odd ""name; --" FOR VALUES FROM (10) TO (20)',
      'INSERT INTO shop."Odd ""name; --" VALUES (1), (2), (11)',
      'CREATE TABLE shop.parent (id int)',
      'CREATE TABLE shop.heir () INHERITS (shop.parent)',
      'INSERT INTO shop.heir VALUES (1)',
    );
    const { tables } = await surveyLoss(vendHub.operator, question(longAgo));
    expect(tables.map(({ table, present }) => [table, present])).toEqual([
      ['shop.Odd "name; --', 3],
      ['shop.heir', 1],
      ['shop.parent', 0],
    ]);
  });

  it('says that an unlogged table loses everything', async () => {
    await run(vendHub.operator, 'CREATE UNLOGGED TABLE shop.cache AS SELECT generate_series(1, 4) AS id');
    const { tables } = await surveyLoss(vendHub.operator, question(longAgo));
    expect(tables).toMatchObject([{ table: 'shop.cache', present: 4, discarded: 4, basis: 'unlogged' }]);
  });

  it('refuses to count where row-level security would hide rows', async () => {
    await run(
      vendHub.operator,
      'CREATE TABLE shop.hidden (id int)',
      'ALTER TABLE shop.hidden ENABLE ROW LEVEL SECURITY',
      'ALTER TABLE shop.hidden FORCE ROW LEVEL SECURITY',
    );
    const survey = surveyLoss(vendHub.operator, question(longAgo));
    await expect(survey).rejects.toMatchObject({ type: 'database-query-failed' });
  });

  it('takes no transaction id', async () => {
    const nextId = () => run(vendHub.superuser, 'SELECT pg_snapshot_xmax(pg_current_snapshot())::text AS id');
    await run(vendHub.operator, 'CREATE TABLE shop.t (id int)');
    await expect
      .poll(async () => {
        const before = await nextId();
        await surveyLoss(vendHub.operator, question(longAgo));
        return JSON.stringify(before) === JSON.stringify(await nextId());
      })
      .toBe(true);
  });

  it('sees rows vanish that lay on a page of zeros, and counts around a page that cannot be read', async () => {
    await run(
      vendHub.superuser,
      'CREATE TABLE shop.wide AS SELECT n AS id, repeat($$x$$, 1000) AS filler FROM generate_series(1, 70) n',
      'ALTER TABLE shop.wide ADD PRIMARY KEY (id)',
      'GRANT ALL ON SCHEMA shop TO postgres; GRANT SELECT ON shop.wide TO postgres',
      'VACUUM shop.wide',
    );
    const target = await vendHub.closedSecond();
    await damagePages(vendHub.cluster, vendHub.superuserUrl, 'shop.wide', [
      { page: 2, with: 'zeros' },
      { page: 5, with: 'garbage' },
    ]);
    const { tables } = await surveyLoss(vendHub.operator, question(target));
    expect(tables).toMatchObject([
      { present: 70 - 7 - 7, discarded: 0, basis: 'commit-timestamp', unreadablePages: 1 },
    ]);
  });
});

describe('a server that does not track commit times', () => {
  const track = async (onOrOff: 'on' | 'off') => {
    await run(vendHub.superuser, `ALTER SYSTEM SET track_commit_timestamp = ${onOrOff}`);
    await vendHub.cluster.stop();
    await vendHub.cluster.start();
  };
  const ofSales = { schemas: ['shop'], timestampColumns: [{ table: 'shop.dated', column: 'created_at' }] };

  it('is counted by the policy’s column, and unknown without one or with a row that has no moment', async () => {
    await track('off');
    await run(
      vendHub.operator,
      'CREATE TABLE shop.dated (created_at timestamptz DEFAULT clock_timestamp())',
      'CREATE TABLE shop.undated (id int)',
      'INSERT INTO shop.dated DEFAULT VALUES',
    );
    const targetUnix = await vendHub.closedSecond();
    await run(
      vendHub.operator,
      'INSERT INTO shop.dated DEFAULT VALUES',
      'INSERT INTO shop.undated VALUES (1)',
    );
    const survey = await surveyLoss(vendHub.operator, { targetUnix, ...ofSales });
    expect(survey.newestCommitAt).toBeNull();
    expect(survey.tables).toEqual([
      { table: 'shop.dated', present: 2, discarded: 1, basis: 'column', broughtBack: null },
      { table: 'shop.undated', present: 1, discarded: null, basis: 'unknown', broughtBack: null },
    ]);
    await run(vendHub.operator, 'INSERT INTO shop.dated VALUES (NULL)');
    const vague = await surveyLoss(vendHub.operator, { targetUnix, ...ofSales });
    expect(vague.tables).toMatchObject([{ present: 3, discarded: null, basis: 'unknown' }, {}]);
  });

  it('does not take rows without a time for old when tracking began after the target', async () => {
    await run(
      vendHub.operator,
      'CREATE TABLE shop.dated (created_at timestamptz DEFAULT clock_timestamp())',
      'CREATE TABLE shop.undated (id int)',
    );
    const targetUnix = await vendHub.closedSecond();
    await run(
      vendHub.operator,
      'INSERT INTO shop.dated DEFAULT VALUES',
      'INSERT INTO shop.undated VALUES (1)',
    );
    await track('on');
    await run(vendHub.operator, 'INSERT INTO shop.undated VALUES (2)', 'CREATE TABLE shop.young AS SELECT 1');
    const survey = await surveyLoss(vendHub.operator, { targetUnix, ...ofSales });
    expect(survey.tables).toMatchObject([
      { table: 'shop.dated', present: 1, discarded: 1, basis: 'column' },
      { table: 'shop.undated', present: 2, discarded: null, basis: 'unknown' },
      { table: 'shop.young', present: 1, discarded: 1, basis: 'commit-timestamp' },
    ]);
    const later = await vendHub.closedSecond();
    const allOld = {
      tables: [1, 2, 3].map(() => expect.objectContaining({ discarded: 0, basis: 'commit-timestamp' })),
    };
    const ofLater = { targetUnix: later, ...ofSales };
    expect(await surveyLoss(vendHub.operator, ofLater)).toMatchObject(allOld);
    await vendHub.cluster.stop();
    await vendHub.cluster.start();
    expect(await surveyLoss(vendHub.operator, ofLater)).toMatchObject(allOld);
    expect(await surveyLoss(vendHub.operator, { ...ofLater, targetUnix })).toEqual({
      ...survey,
      surveyedAt: expect.any(String),
      databaseBytes: expect.any(Number),
    });
  });
});

describe('a recheck of the loss', () => {
  it('holds up to what was approved, and names each table beyond it', async () => {
    await run(vendHub.operator, 'CREATE TABLE shop.sales (id int)', 'CREATE TABLE shop.users (id int)');
    const targetUnix = await vendHub.closedSecond();
    await run(vendHub.operator, 'INSERT INTO shop.sales VALUES (1), (2)');
    const limits = (maximumLoss: { table: string; rows: number | null }[]) => ({
      ...question(targetUnix),
      maximumLoss,
    });
    expect(await recheckLoss(vendHub.operator, limits([{ table: 'shop.sales', rows: 2 }]))).toEqual({
      holds: true,
      reasons: [],
    });
    expect(await recheckLoss(vendHub.operator, limits([{ table: 'shop.sales', rows: null }]))).toMatchObject({
      holds: true,
    });
    expect(await recheckLoss(vendHub.operator, limits([{ table: 'shop.sales', rows: 1 }]))).toEqual({
      holds: false,
      reasons: ['shop.sales would lose 2 rows; approved are 1.'],
    });
    await run(vendHub.operator, 'INSERT INTO shop.users VALUES (1)');
    expect(await recheckLoss(vendHub.operator, limits([{ table: 'shop.sales', rows: 2 }]))).toEqual({
      holds: false,
      reasons: ['shop.users would lose 1 rows; the table is not in the approved plan.'],
    });
  });
});
