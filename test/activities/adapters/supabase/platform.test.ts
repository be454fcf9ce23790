import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createSupabasePlatform } from '../../../../activities/adapters/supabase/index.ts';
import type { DatabasePlatform } from '../../../../activities/ports.ts';
import { type SupabaseProduction, startSupabaseProduction } from '../../../sandbox/supabase/production.ts';

describe('the Supabase platform', () => {
  let production: SupabaseProduction;
  let platform: DatabasePlatform;

  beforeAll(async () => {
    production = await startSupabaseProduction();
    platform = production.platform;
  });
  afterEach(() => production.supabase.faults.clear());
  afterAll(() => production?.dispose());

  const access = (changes: object = {}) => {
    const { url, projectRef, accessToken } = production.supabase;
    return { baseUrl: url, projectRef, accessToken, timeoutMs: 5_000, ...changes };
  };

  test('reads the project, its status, services and restore window', async () => {
    const { supabase, cluster } = production;
    await cluster.archiveNow();
    expect(await platform.identity()).toEqual({
      provider: 'supabase',
      ref: supabase.projectRef,
      name: 'vendhub-sandbox',
      region: 'local',
    });
    expect(await platform.status()).toEqual({ status: 'healthy', raw: 'ACTIVE_HEALTHY' });
    expect(await platform.services()).toContainEqual({ name: 'db', healthy: true, detail: 'ACTIVE_HEALTHY' });
    const { pitrEnabled, backups } = await platform.recoverability();
    expect(pitrEnabled).toBe(true);
    expect(backups).toMatchObject([{ id: '1', status: 'COMPLETED' }]);
  });

  test('shows no window where point-in-time recovery is not enabled, and passes the refusal on', async () => {
    production.supabase.faults.switchOn('pitr-disabled');
    expect(await platform.recoverability()).toMatchObject({ pitrEnabled: false, window: null });
    expect(await platform.dailyBackupTime()).toBe('02:00:00');
    production.supabase.faults.switchOff('pitr-disabled');
    await expect(platform.dailyBackupTime()).rejects.toMatchObject({ type: 'provider-refused' });
    production.supabase.faults.switchOn('pitr-disabled');
    const deadline = new Date(Date.now() + 60_000);
    expect(await platform.requestPointInTimeRestore({ targetUnix: 1, deadline })).toEqual({
      kind: 'refused',
      message: '400: PITR is not enabled for this project.',
    });
  });

  test('restricts the network for IPv4 and IPv6, which is first stored and then in force', async () => {
    const { faults } = production.supabase;
    const before = (await platform.networkRestrictions()).allowedCidrs;
    faults.switchOn('restrictions-stay-stored');
    const cidrs = ['127.0.0.1/32', '192.0.2.0/24', '2001:db8::/32'];
    await platform.restrictNetwork(cidrs);
    expect(await platform.networkRestrictions()).toEqual({ allowedCidrs: cidrs, inForce: false });
    expect(production.cluster.networkRestrictions()).toEqual(before);
    faults.switchOff('restrictions-stay-stored');
    await expect.poll(() => platform.networkRestrictions()).toEqual({ allowedCidrs: cidrs, inForce: true });
    expect(production.cluster.networkRestrictions()).toEqual(cidrs);
    await platform.restrictNetwork(before);
    await expect.poll(async () => (await platform.networkRestrictions()).inForce).toBe(true);
  });

  test.each([
    [{ kind: 'answer', status: 401 } as const, 'provider-unauthorized'],
    [{ kind: 'answer', status: 403 } as const, 'provider-unauthorized'],
    [{ kind: 'answer', status: 500, body: '<html>oops</html>' } as const, 'provider-unavailable'],
    [{ kind: 'answer', status: 503 } as const, 'provider-unavailable'],
    [{ kind: 'drop-before' } as const, 'provider-unavailable'],
    [{ kind: 'drop-after' } as const, 'provider-unavailable'],
    [{ kind: 'answer', status: 404, body: '{"message":"Project not found"}' } as const, 'provider-refused'],
    [{ kind: 'answer', status: 302 } as const, 'provider-answer-unknown'],
    [{ kind: 'answer', status: 200, body: '<html>' } as const, 'provider-answer-unknown'],
    [{ kind: 'answer', status: 200, body: '{"ref":1}' } as const, 'provider-answer-unknown'],
  ])('turns %o into %s', async (fault, type) => {
    production.supabase.faults.set('get-project', fault, 1);
    await expect(platform.status()).rejects.toMatchObject({ name: 'DrError', type });
  });

  test('gives a status that it does not know as unknown, with the word', async () => {
    const body = JSON.stringify({ ref: 'r', name: 'n', region: 'eu', status: 'TELEPORTING', extra: 1 });
    production.supabase.faults.set('get-project', { kind: 'answer', status: 200, body }, 1);
    expect(await platform.status()).toEqual({ status: 'unknown', raw: 'TELEPORTING' });
  });

  test('says how long to wait after 429, from the seconds until the limit is reset', async () => {
    const headers = { 'x-ratelimit-reset': '7' };
    production.supabase.faults.set('get-project', { kind: 'answer', status: 429, headers }, 1);
    await expect(platform.status()).rejects.toMatchObject({
      type: 'provider-rate-limited',
      retryAfterMs: 7_000,
    });
  });

  test('gives up on an answer that does not come', async () => {
    production.supabase.faults.set('get-project', { kind: 'latency', ms: 60_000 }, 1);
    const impatient = createSupabasePlatform(access({ timeoutMs: 50 }));
    await expect(impatient.status()).rejects.toMatchObject({ type: 'provider-timeout' });
  });

  test('is refused with a wrong token, and never shows the token', async () => {
    const stranger = createSupabasePlatform(access({ accessToken: 'sbp_wrong' }));
    await expect(stranger.status()).rejects.toMatchObject({ type: 'provider-unauthorized' });
    const body = JSON.stringify({ message: `token ${production.supabase.accessToken} is odd` });
    production.supabase.faults.set('get-project', { kind: 'answer', status: 400, body }, 1);
    await expect(platform.status()).rejects.toSatisfy(
      (error) => error instanceof Error && error.message.includes('token *** is odd'),
    );
  });

  test('reports a restore request that took effect without an answer as uncertain, having sent it once', async () => {
    const { supabase, cluster } = production;
    const target = await production.nextSecond();
    await cluster.archiveNow();
    supabase.faults.set('restore-pitr', { kind: 'drop-after' }, 1);
    const sentBefore = supabase.calls.all('restore-pitr').length;
    const deadline = new Date(Date.now() + 60_000);
    expect(await platform.requestPointInTimeRestore({ targetUnix: target, deadline })).toMatchObject({
      kind: 'uncertain',
    });
    expect(supabase.calls.all('restore-pitr').slice(sentBefore)).toMatchObject([{ ran: true, status: null }]);
    await expect.poll(async () => (await platform.status()).status).toBe('restoring');
    await expect.poll(async () => (await platform.status()).status).toBe('healthy');
  });
});
