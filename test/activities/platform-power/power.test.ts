import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createSupabasePower } from '../../../activities/adapters/supabase/index.ts';
import { createPowerActivities } from '../../../activities/platform-power/index.ts';
import { type SupabaseProduction, startSupabaseProduction } from '../../sandbox/supabase/production.ts';
import { failureOf } from '../failure-of.ts';
import { activityEnvironment, inActivity } from '../in-activity.ts';

describe('pausing and unpausing the project', () => {
  let production: SupabaseProduction;

  beforeAll(async () => {
    production = await startSupabaseProduction();
  });
  afterEach(() => production.supabase.faults.clear());
  afterAll(() => production?.dispose());

  const activities = (timing = { deadlineMs: 20_000, settleMs: 5_000, pollMs: 20 }) => {
    const { url, projectRef, accessToken } = production.supabase;
    const { platform, database } = production;
    const power = createSupabasePower({ baseUrl: url, projectRef, accessToken, timeoutMs: 5_000 });
    const { pausePlatform, unpausePlatform } = createPowerActivities({ power, platform, database, timing });
    return {
      pause: () => inActivity(activityEnvironment(), pausePlatform),
      unpause: () => inActivity(activityEnvironment(), unpausePlatform),
    };
  };
  const ran = (operation: string) =>
    production.supabase.calls.all(operation).filter((call) => call.ran).length;

  test('waits over a stale status until the database is really down, and until it really answers', async () => {
    const { pause, unpause } = activities();
    await pause();
    expect(production.cluster.status()).toBe('stopped');
    await pause();
    await unpause();
    expect(await production.query('SELECT 1 AS one')).toHaveLength(1);
    await unpause();
    expect([ran('pause'), ran('unpause')]).toEqual([1, 1]);
  });

  test('takes the refusal of a repeated request for what it is when the first one had its effect', async () => {
    const { pause, unpause } = activities();
    const before = [ran('pause'), ran('unpause')];
    for (const [operation, ask] of [
      ['pause', pause],
      ['unpause', unpause],
    ] as const) {
      production.supabase.faults.set(operation, { kind: 'drop-after' }, 1);
      expect(await failureOf(ask())).toMatchObject({ type: 'provider-unavailable', retried: true });
      await ask();
    }
    expect([ran('pause'), ran('unpause')]).toEqual(before.map((times) => times + 1));
    expect(await production.query('SELECT 1 AS one')).toHaveLength(1);
  });

  test('passes a refusal on when nothing came of it', async () => {
    const body = '{"message":"Projects on this plan cannot be paused"}';
    production.supabase.faults.set('pause', { kind: 'answer', status: 400, body }, 1);
    const { pause } = activities({ deadlineMs: 20_000, settleMs: 200, pollMs: 20 });
    expect((await failureOf(pause())).message).toContain('cannot be paused');
  });

  test('says so when the project does not get there in time', async () => {
    const body = JSON.stringify({ ref: 'r', name: 'n', region: 'eu', status: 'PONDERING' });
    production.supabase.faults.set('get-project', { kind: 'answer', status: 200, body });
    production.supabase.faults.set('pause', { kind: 'answer', status: 200 }, 1);
    const { pause } = activities({ deadlineMs: 200, settleMs: 100, pollMs: 20 });
    const failure = await failureOf(pause());
    expect(failure).toMatchObject({ type: 'power-not-reached', retried: false });
    expect(failure.message).toContain('PONDERING');
  });
});
