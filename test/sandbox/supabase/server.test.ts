import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startSandboxSupabase } from './index.ts';
import { type SupabaseProduction, startSupabaseProduction } from './production.ts';

describe('the Supabase of the sandbox', () => {
  let production: SupabaseProduction;

  beforeAll(async () => {
    production = await startSupabaseProduction();
  });
  afterEach(() => production.supabase.faults.clear());
  afterAll(() => production?.dispose());

  const ask = (
    path: string,
    init: { method?: string; body?: unknown; token?: string; ref?: string } = {},
  ) => {
    const { supabase } = production;
    return fetch(`${supabase.url}/v1/projects/${init.ref ?? supabase.projectRef}${path}`, {
      method: init.method ?? 'GET',
      headers: {
        authorization: `Bearer ${init.token ?? supabase.accessToken}`,
        'content-type': 'application/json',
      },
      ...(init.body === undefined ? {} : { body: JSON.stringify(init.body) }),
    });
  };
  const restore = (targetUnix: unknown) =>
    ask('/database/backups/restore-pitr', {
      method: 'POST',
      body: { recovery_time_target_unix: targetUnix },
    });
  const status = async () => (await production.platform.status()).raw;
  const becomes = (wanted: string) => expect.poll(status, { interval: 20 }).toBe(wanted);

  test('takes back a real database: rows up to the second are kept, later ones are gone', async () => {
    const { cluster, supabase, query, nextSecond } = production;
    await query('CREATE TABLE sale (name text)');
    await query(`INSERT INTO sale VALUES ('before')`);
    const target = await nextSecond();
    await query(`INSERT INTO sale VALUES ('after')`);
    await cluster.archiveNow();

    supabase.faults.switchOn('restore-waits');
    const answer = await restore(target);
    expect([answer.status, await answer.text()]).toEqual([201, '']);
    expect(await status()).toBe('ACTIVE_HEALTHY');
    supabase.faults.clear();
    await becomes('RESTORING');
    await becomes('ACTIVE_HEALTHY');
    expect(await query('SELECT name FROM sale')).toEqual([{ name: 'before' }]);
  });

  test('keeps a restore RESTORING with the database down until told otherwise, and refuses another one', async () => {
    const { cluster, supabase, query, nextSecond } = production;
    supabase.faults.switchOn('stuck-restore');
    const target = await nextSecond();
    await cluster.archiveNow();
    expect((await restore(target)).status).toBe(201);
    await becomes('RESTORING');
    await expect.poll(() => query('SELECT 1').catch((error) => error.type)).toBe('database-unreachable');
    const second = await restore(target);
    expect([second.status, await second.json()]).toEqual([
      400,
      { message: 'Project is already being restored.' },
    ]);
    const health = await (await ask('/health?services=db')).json();
    expect(health).toMatchObject([{ name: 'db', status: 'UNHEALTHY' }]);
    supabase.faults.switchOff('stuck-restore');
    await becomes('ACTIVE_HEALTHY');
    expect(supabase.calls.all('restore-pitr').slice(-2)).toMatchObject([{ ran: true }, { ran: false }]);
  });

  test('ends as RESTORE_FAILED when a restore fails midway, and can be restored again', async () => {
    const { cluster, supabase, query, nextSecond } = production;
    supabase.faults.switchOn('restore-fails');
    const target = await nextSecond();
    await cluster.archiveNow();
    expect((await restore(target)).status).toBe(201);
    await becomes('RESTORE_FAILED');
    supabase.faults.clear();
    expect((await restore(target)).status).toBe(201);
    await becomes('ACTIVE_HEALTHY');
    expect(await query('SELECT name FROM sale')).toEqual([{ name: 'before' }]);
  });

  test.each([
    ['before the window', 1],
    ['in the future', 4_000_000_000],
    ['no number', 'yesterday'],
    ['no whole second', 1.5],
  ])('refuses a target that is %s with 400 and changes nothing', async (_, target) => {
    const writesBefore = production.supabase.calls.writes().length;
    const answer = await restore(target);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toEqual({ message: expect.any(String) });
    expect(production.supabase.calls.writes()).toHaveLength(writesBefore);
  });

  test('wants its token, a proper project reference, and the right one', async () => {
    expect((await ask('', { token: 'wrong' })).status).toBe(401);
    expect((await ask('', { ref: 'UPPER' })).status).toBe(400);
    expect((await ask('', { ref: 'abcdefghijklmnopqrst' })).status).toBe(404);
    expect((await ask('/health')).status).toBe(400);
    expect((await ask('/backups')).status).toBe(404);
  });

  test('lets faults be switched and calls be read over HTTP', async () => {
    const { url } = production.supabase;
    const control = (method: string, body?: object, query = '') =>
      fetch(`${url}/_sandbox/faults${query}`, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    const fault = { kind: 'answer', status: 503 };
    expect((await control('PUT', { operation: 'get-project', fault, times: 1 })).status).toBe(200);
    expect((await control('PUT', { switch: 'stuck-restore' })).status).toBe(200);
    expect((await control('PUT', { switch: 'no-such' })).status).toBe(400);
    expect(await (await control('GET')).json()).toMatchObject({
      operations: [{ operation: 'get-project', fault, remaining: 1 }],
      switches: ['stuck-restore'],
    });
    expect((await ask('')).status).toBe(503);
    expect((await ask('')).status).toBe(200);
    await control('DELETE', undefined, '?switch=stuck-restore');
    expect(await (await control('GET')).json()).toMatchObject({ operations: [], switches: [] });
    const calls = await (await fetch(`${url}/_sandbox/calls`)).json();
    expect(calls).toContainEqual(
      expect.objectContaining({ operation: 'get-project', status: 503, ran: false }),
    );
    expect(JSON.stringify(calls)).not.toContain(production.supabase.accessToken);
  });

  test('answers 429 above the limit of a minute, and counts down before', async () => {
    const { cluster } = production;
    const { url, projectRef, accessToken, stop } = await startSandboxSupabase({
      cluster,
      requestsPerMinute: 2,
    });
    const project = () =>
      fetch(`${url}/v1/projects/${projectRef}`, { headers: { authorization: `Bearer ${accessToken}` } });
    const limits = async () => {
      const { status, headers } = await project();
      expect(Number(headers.get('x-ratelimit-reset'))).toBeGreaterThan(0);
      return [status, headers.get('x-ratelimit-limit'), headers.get('x-ratelimit-remaining')];
    };
    expect(await limits()).toEqual([200, '2', '1']);
    expect(await limits()).toEqual([200, '2', '0']);
    expect(await limits()).toEqual([429, '2', '0']);
    await stop();
  });
});
