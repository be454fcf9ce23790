import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  createSupabaseLogs,
  createSupabasePower,
  createSupabaseReadOnlyQueries,
  createSupabaseSecurity,
} from '../../../../activities/adapters/supabase/index.ts';
import { type SupabaseProduction, startSupabaseProduction } from '../../../sandbox/supabase/production.ts';
import { failureOf } from '../../failure-of.ts';

describe('what guards, watches and switches a Supabase project', () => {
  let production: SupabaseProduction;

  beforeAll(async () => {
    // Long enough to see what a request was answered with before it takes effect.
    production = await startSupabaseProduction({ restoringDelayMs: 2_000 });
  });
  afterEach(() => production.supabase.faults.clear());
  afterAll(() => production?.dispose());

  const access = () => {
    const { url, projectRef, accessToken } = production.supabase;
    return { baseUrl: url, projectRef, accessToken, timeoutMs: 5_000 };
  };
  const login = () =>
    production.database.tryLogin(production.cluster.connectionString(production.operator, 'vendhub'));

  test('enforcing TLS shuts plain connections out, and letting go lets them in again', async () => {
    const security = createSupabaseSecurity(access());
    expect(await security.sslEnforcement()).toEqual({ enforced: false, inForce: true });
    await security.enforceSsl(true);
    expect(await security.sslEnforcement()).toEqual({ enforced: true, inForce: true });
    expect(await login()).toBe('unreachable');
    await security.enforceSsl(false);
    expect(await login()).toBe('accepted');
  });

  test('a change that is not applied yet is not in force', async () => {
    const body = JSON.stringify({ currentConfig: { database: true }, appliedSuccessfully: false });
    production.supabase.faults.set('get-ssl-enforcement', { kind: 'answer', status: 200, body }, 1);
    expect(await createSupabaseSecurity(access()).sslEnforcement()).toEqual({
      enforced: true,
      inForce: false,
    });
  });

  test('advice follows the database: a table without row-level security is named until it has it', async () => {
    const security = createSupabaseSecurity(access());
    await production.query('CREATE TABLE public.bare (id int)');
    const about = async (topic: 'security' | 'performance') =>
      (await security.advisories(topic)).filter(({ object }) => object === 'public.bare');
    expect(await about('security')).toMatchObject([{ name: 'rls_disabled_in_public', level: 'error' }]);
    expect(await about('performance')).toMatchObject([{ name: 'no_primary_key', level: 'information' }]);
    await production.query('ALTER TABLE public.bare ENABLE ROW LEVEL SECURITY, ADD PRIMARY KEY (id)');
    expect(await about('security')).toMatchObject([{ name: 'rls_enabled_no_policy' }]);
    expect(await about('performance')).toEqual([]);
  });

  test('advice of a new name and level is survived', async () => {
    const lint = { name: 'moon_phase', level: 'LUNAR', detail: 'd', remediation: 'r' };
    const body = JSON.stringify({ lints: [lint] });
    production.supabase.faults.set('get-advice', { kind: 'answer', status: 200, body }, 1);
    expect(await createSupabaseSecurity(access()).advisories('security')).toEqual([
      { name: 'moon_phase', level: 'unknown', object: null, detail: 'd', remediation: 'r' },
    ]);
  });

  test('the log tells of a login that was let in and one that was not, with role and address', async () => {
    const from = new Date();
    await production.query('SELECT 1');
    const wrong = { ...production.operator, password: 'guessed' };
    await production.database.tryLogin(production.cluster.connectionString(wrong, 'vendhub'));
    const logs = createSupabaseLogs(access());
    const to = new Date();
    const lines = await logs.databaseLog({ from, to, limit: 1_000 });
    const operator = { role: 'operator', from: '127.0.0.1' };
    expect(lines).toContainEqual(
      expect.objectContaining({
        ...operator,
        severity: 'LOG',
        message: expect.stringMatching(/^connection authorized: user=operator database=vendhub/),
      }),
    );
    expect(lines).toContainEqual(
      expect.objectContaining({
        ...operator,
        severity: 'FATAL',
        message: 'password authentication failed for user "operator"',
      }),
    );
    expect([...lines].sort((a, b) => a.at.localeCompare(b.at))).toEqual(lines);
    expect(await logs.databaseLog({ from, to, limit: 1 })).toEqual([lines.at(-1)]);
  });

  test('more than a day of the log is asked for day by day', async () => {
    const to = new Date();
    const before = production.supabase.calls.all('get-logs').length;
    const from = new Date(to.getTime() - 60 * 60 * 60 * 1000);
    await createSupabaseLogs(access()).databaseLog({ from, to, limit: 1_000_000 });
    const calls = production.supabase.calls.all('get-logs').slice(before);
    expect(calls.map(({ status }) => status)).toEqual([200, 200, 200]);
  });

  test('an error in the answer of the logs is told', async () => {
    const body = JSON.stringify({ result: null, error: { message: 'too many bytes scanned' } });
    production.supabase.faults.set('get-logs', { kind: 'answer', status: 200, body }, 1);
    const logs = createSupabaseLogs(access());
    const failure = await failureOf(logs.databaseLog({ from: new Date(0), to: new Date(1), limit: 1 }));
    expect(failure).toMatchObject({ type: 'provider-refused' });
    expect(failure.message).toContain('too many bytes scanned');
  });

  test.each([
    'CREATE TABLE public.written (id int)',
    'COMMIT; DROP TABLE public.kept',
    'SELECT 1; DROP TABLE public.kept',
    'DELETE FROM public.kept',
  ])('a read-only query cannot run: %s', async (sql) => {
    await production.query('CREATE TABLE IF NOT EXISTS public.kept (id int)');
    const queries = createSupabaseReadOnlyQueries(access());
    expect(await failureOf(queries.queryReadOnly(sql))).toMatchObject({ type: 'provider-refused' });
    const rows = await queries.queryReadOnly(
      'SELECT count(*)::int AS tables FROM pg_class WHERE relname = $1',
      ['kept'],
    );
    expect(rows).toEqual([{ tables: 1 }]);
  });

  test('a paused project is down until it is unpaused, each request being sent once', async () => {
    const power = createSupabasePower(access());
    const status = async () => (await production.platform.status()).status;
    await power.pause();
    expect(await status()).toBe('healthy');
    await expect.poll(status).toBe('paused');
    await expect.poll(() => production.cluster.status()).toBe('stopped');
    await power.pause();
    expect(await login()).toBe('unreachable');
    await power.unpause();
    await expect.poll(status).toBe('healthy');
    await power.unpause();
    expect(await login()).toBe('accepted');
    expect(production.supabase.calls.all('pause')).toHaveLength(1);
    expect(production.supabase.calls.all('unpause')).toHaveLength(1);
  });
});
