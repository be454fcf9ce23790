import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { SecurityBaseline } from '../../../workflows/contracts/security.ts';
import { startSecurityWorld } from './world.ts';

describe('the security baseline', () => {
  let world: Awaited<ReturnType<typeof startSecurityWorld>>;
  const baseline: SecurityBaseline = {
    allowedCidrs: ['127.0.0.1/32', '::1/128'],
    sslEnforced: false,
    schemas: ['public'],
    absentGrants: ['PUBLIC: * on table *', 'anon: * on table public.*', 'vendhub_app: * on server'],
    rowSecurity: [],
  };

  beforeAll(async () => {
    world = await startSecurityWorld();
    // What the platform's API needs is made at its first use.
    const apiKey = (await world.keys.apiKeys({ reveal: true })).find(({ kind }) => kind === 'secret');
    await fetch(`${world.supabase.url}/rest/v1/users`, { headers: { apikey: apiKey?.secret ?? '' } });
  });
  afterEach(async () => {
    world.supabase.faults.clear();
    await world.settings.enforceSsl(false);
    await world.platform.restrictNetwork(baseline.allowedCidrs);
    await expect.poll(async () => (await world.platform.networkRestrictions()).inForce).toBe(true);
  });
  afterAll(() => world?.stop());

  test('shows each difference, is applied, and shows none after it', async () => {
    await world.asOperator(
      'GRANT SELECT ON public.users TO PUBLIC; GRANT SELECT (email), DELETE ON public.users TO anon',
    );
    await world.platform.restrictNetwork(['0.0.0.0/0']);
    await expect.poll(async () => (await world.platform.networkRestrictions()).inForce).toBe(true);

    const wanted = { ...baseline, absentGrants: [...baseline.absentGrants, 'anon: * on column *'] };
    const before = await world.activities.compare(wanted);
    expect(before.differences.map(({ about, what }) => [about, what])).toEqual([
      ['network', 'who may connect to the database'],
      ['grant', 'PUBLIC: SELECT on table public.users'],
      ['grant', 'anon: DELETE on table public.users'],
      ['grant', 'anon: SELECT on column public.users.email'],
      ['grant', 'vendhub_app: LOGIN on server'],
    ]);
    expect(before.advice).toContain('error rls_disabled_in_public public.users');

    const withoutLogin = {
      ...wanted,
      absentGrants: wanted.absentGrants.filter((one) => !one.endsWith('server')),
    };
    const { applied, left } = await world.activities.apply(withoutLogin);
    expect(applied).toHaveLength(4);
    expect(left).toEqual([]);
    expect(await world.activities.compare(withoutLogin)).toMatchObject({ differences: [] });
    expect(world.cluster.networkRestrictions()).toEqual(baseline.allowedCidrs);
    expect(await world.activities.apply(withoutLogin)).toEqual({ applied: [], left: [] });
  });

  test('switches row-level security on where a policy says what is seen, and is proved by a request', async () => {
    await world.asOperator('GRANT SELECT ON public.users TO anon');
    const wanted = {
      ...baseline,
      absentGrants: [],
      rowSecurity: ['public.users', 'public.machines', 'public.gone'],
    };
    expect((await world.activities.probe(wanted))[0]).toMatchObject({
      held: false,
      found: 'a row was shown',
    });
    await world.asOperator('CREATE POLICY own_row ON public.users TO authenticated USING (false)');
    const { applied, left } = await world.activities.apply(wanted);
    expect(applied.map(({ what }) => what)).toEqual(['public.users']);
    expect(left).toMatchObject([
      { what: 'public.machines', needsPerson: expect.stringContaining('no policy') },
      { what: 'public.gone', needsPerson: 'the table is not there' },
    ]);
    expect((await world.activities.probe(wanted)).map(({ held, found }) => [held, found])).toEqual([
      [true, 'no row was shown'],
      [true, 'refused'],
      [true, 'refused'],
    ]);
    await world.asOperator('REVOKE SELECT ON public.users FROM anon');
  });

  test('leaves to a person what would shut the recovery out, which is told by its own connection', async () => {
    const wanted = { ...baseline, absentGrants: ['postgres: * on server'], sslEnforced: true };
    const { applied, left } = await world.activities.apply(wanted);
    expect(applied).toEqual([]);
    expect(left).toMatchObject([
      { about: 'ssl', needsPerson: expect.stringContaining('does not ask for TLS') },
      { about: 'grant', what: 'postgres: CREATEDB on server', needsPerson: expect.any(String) },
      { about: 'grant', what: 'postgres: CREATEROLE on server', needsPerson: expect.any(String) },
      { about: 'grant', what: 'postgres: LOGIN on server', needsPerson: expect.any(String) },
    ]);
    expect(await world.settings.sslEnforcement()).toMatchObject({ enforced: false });
  });

  test('takes back at once what shut the recovery out after all', async () => {
    // The pinned build of PostgreSQL has no TLS: enforcing it shuts everybody out.
    const claims = world.activitiesOver(async () => `${world.operatorUrl}?sslmode=require`);
    const wanted = { ...baseline, absentGrants: [], sslEnforced: true };
    const { left } = await claims.apply(wanted);
    expect(left).toMatchObject([{ about: 'ssl', needsPerson: expect.stringContaining('was taken back') }]);
    expect(world.supabase.calls.all('set-ssl-enforcement').map(({ ran }) => ran)).toContain(true);
    await world.database.session((session) => session.query('SELECT 1'));

    const elsewhere = await world.activities.apply({
      ...baseline,
      absentGrants: [],
      allowedCidrs: ['192.0.2.0/24'],
    });
    expect(elsewhere.left).toMatchObject([
      { about: 'network', needsPerson: expect.stringContaining('taken back') },
    ]);
    await world.database.session((session) => session.query('SELECT 1'));
  });

  test('a login without TLS is turned away while TLS is enforced', async () => {
    const { operatorUrl } = world;
    const probing = world.activitiesOver(async () => `${operatorUrl}?sslmode=require`);
    const wanted = { ...baseline, sslEnforced: true };
    expect(await probing.probe(wanted)).toEqual([
      { what: 'a login without TLS', held: false, found: 'accepted' },
    ]);
    await world.settings.enforceSsl(true);
    expect(await probing.probe(wanted)).toEqual([
      { what: 'a login without TLS', held: true, found: 'unreachable' },
    ]);
  });

  test('is compared as well when the platform gives no advice', async () => {
    world.supabase.faults.set('get-advice', { kind: 'answer', status: 500 }, 1);
    expect((await world.activities.compare(baseline)).advice).toBeNull();
  });
});
