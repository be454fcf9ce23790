import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createPostgresDatabase } from '../../../activities/adapters/postgres/index.ts';
import { failureOf } from '../failure-of.ts';
import { startSecurityWorld } from './world.ts';

describe('the evidence of a breach', () => {
  let world: Awaited<ReturnType<typeof startSecurityWorld>>;
  const since = new Date(Date.now() - 60_000).toISOString();

  beforeAll(async () => {
    world = await startSecurityWorld();
  });
  afterEach(() => world.supabase.faults.clear());
  afterAll(() => world?.stop());

  test('keeps sessions, roles, logins, grants and keys, and no secret', async () => {
    await world.asSuperuser(`CREATE ROLE intruder LOGIN SUPERUSER PASSWORD 'let me in'`);
    const url = new URL(world.applicationUrl);
    url.username = 'intruder';
    url.password = 'guessed';
    for (let guess = 0; guess < 3; guess += 1) await world.database.tryLogin(url.href);
    url.password = 'let me in';
    const intruder = createPostgresDatabase({ connectionString: url.href, applicationName: 'psql' });
    const evidence = await intruder.session(async (session) => {
      await session.query(`SELECT 'a stolen secret' AS loot`);
      return world.activities.gather({ id: 'incident-1', schemas: ['public'], since });
    });

    expect(evidence.parts.map(({ failure }) => failure)).toEqual(Array(7).fill(null));
    for (const { name, entries } of evidence.parts) expect([name, entries]).not.toEqual([name, 0]);
    expect(evidence.notable).toEqual(
      expect.arrayContaining([
        '3 logins turned away as intruder from 127.0.0.1',
        '1 open session of intruder from 127.0.0.1 (psql)',
        'role intruder may log in and is superuser',
      ]),
    );
    const text = (await world.store.getText(evidence.key)) ?? '';
    expect(createHash('sha256').update(text).digest('hex')).toBe(evidence.sha256);
    expect(text).toContain("SELECT '…' AS loot");
    for (const secret of ['stolen', 'let me in', 'guessed', 'sb_secret_']) expect(text).not.toContain(secret);
  });

  test('keeps what can be read when the provider answers nothing', async () => {
    world.supabase.faults.set('*', { kind: 'answer', status: 503 });
    const evidence = await world.activities.gather({ id: 'incident-2', schemas: ['public'], since });
    expect(evidence.parts.map(({ name, failure }) => [name, failure === null])).toEqual([
      ['sessions', true],
      ['roles', true],
      ['grants', true],
      ['logins', false],
      ['apiKeys', false],
      ['signingKeys', false],
      ['network', false],
    ]);
    expect(JSON.parse((await world.store.getText(evidence.key)) ?? '').logins.failure).toMatch(/503/);
  });

  test('is read by the provider’s API where the worker is shut out of the database', async () => {
    await world.platform.restrictNetwork(['192.0.2.0/24']);
    await expect.poll(async () => (await world.platform.networkRestrictions()).inForce).toBe(true);
    try {
      await expect(world.database.session(async () => undefined)).rejects.toThrow();
      const { parts } = await world.activities.gather({ id: 'incident-2', schemas: ['public'], since });
      expect(parts.filter(({ failure }) => failure !== null)).toEqual([]);
      expect(parts.find(({ name }) => name === 'grants')?.entries).toBeGreaterThan(0);
    } finally {
      await world.platform.restrictNetwork(['127.0.0.1/32', '::1/128']);
      await expect.poll(async () => (await world.platform.networkRestrictions()).inForce).toBe(true);
    }
  });

  test('keeps the logs of the database and of the application, and says which it could not', async () => {
    const logs = await world.activities.preserveLogs({ id: 'incident-1-logs', since });
    expect(logs.failures).toEqual([]);
    expect(logs.databaseLines).toBeGreaterThan(0);
    expect(logs.applicationLines).toBeGreaterThan(0);
    expect(await world.store.getText(logs.key)).toContain('connection authorized: user=vendhub_app');
    world.supabase.faults.set('get-logs', { kind: 'drop-before' });
    const half = await world.activities.preserveLogs({ id: 'incident-1-logs', since });
    expect(half).toMatchObject({ databaseLines: null, applicationLines: expect.any(Number) });
    expect(half.failures).toMatchObject([expect.stringContaining('log of the database')]);
  });

  test('holds what indicators find, in production and in any copy, and what they cannot', async () => {
    await world.asOperator(
      `INSERT INTO public.users (email, name) SELECT 'x' || i || '@evil.test', 'x' FROM generate_series(1, 30) i`,
    );
    const indicators = [
      {
        name: 'users of a strange domain',
        sql: `SELECT email FROM public.users WHERE email LIKE '%@evil.test';`,
      },
      { name: 'since', sql: `SELECT $1::timestamptz AS since WHERE $1::timestamptz < now()` },
      { name: 'nothing', sql: 'SELECT 1 WHERE false' },
      { name: 'broken', sql: 'SELECT * FROM public.no_such_table' },
      { name: 'writing', sql: `SELECT nextval('public.users_id_seq')` },
    ];
    const [strange, bySince, nothing, broken, writing] = await world.activities.indicate({
      indicators,
      since,
    });
    expect(strange).toMatchObject({ rows: 30, failure: null });
    expect(strange?.sample).toHaveLength(20);
    expect(strange?.sample[0]).toMatch(/^{"email": "x\d+@evil\.test"}$/);
    expect(bySince).toMatchObject({ rows: 1 });
    expect(nothing).toMatchObject({ rows: 0, sample: [] });
    expect(broken).toMatchObject({ rows: null, failure: expect.stringContaining('42P01') });
    expect(writing).toMatchObject({ rows: null, failure: expect.stringContaining('25006') });
  });

  test('goes nowhere else by its name', async () => {
    const { store } = world;
    const request = { id: '../outside', schemas: ['public'], since };
    expect((await failureOf(world.activities.gather(request))).type).toBe('input-invalid');
    expect(await store.list('evidence/')).toHaveLength(3);
  });
});
