import { ApplicationFailure, CancelledFailure, type Context, heartbeat, sleep } from '@temporalio/activity';
import { defaultActivityInfo, MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { DrError } from '../../activities/errors.ts';
import { ActivityInterceptor } from '../../worker/activity-interceptor.ts';
import { type ErrorType, errorTypes } from '../../workflows/contracts/errors.ts';
import { inActivity } from '../activities/in-activity.ts';

const secrets = ['postgres://operator:hunter22@db/vendhub', 'hunter22'];

function environment(info = {}): MockActivityEnvironment {
  return new MockActivityEnvironment(
    { ...defaultActivityInfo, activityType: 'stopApplication', ...info },
    {
      logger: new DefaultLogger('ERROR'),
      interceptors: [(context: Context) => ({ inbound: new ActivityInterceptor(context, secrets) })],
    },
  );
}

async function failure(thrown: unknown): Promise<ApplicationFailure> {
  const error: unknown = await inActivity(environment(), () => Promise.reject(thrown)).catch(
    (caught: unknown) => caught,
  );
  if (error instanceof ApplicationFailure) return error;
  throw error;
}

const explanation = {
  happened: 'The login with hunter22 was refused.',
  meaning: 'Nothing was changed.',
  next: 'Look at postgres://operator:hunter22@db/vendhub.',
};

describe('a failed activity', () => {
  test.for(Object.keys(errorTypes))(
    'of the type %s says so, and whether Temporal tries again',
    async (name) => {
      const type = typeOf(name);
      const thrown = await failure(new DrError(type, explanation));
      expect(thrown.type).toBe(type);
      expect(thrown.nonRetryable).toBe(!errorTypes[type].retried);
      expect(thrown.nextRetryDelay).toBeUndefined();
    },
  );

  test('carries its three sentences for people, and no secret in them, in the message or in the cause', async () => {
    const cause = new Error('password hunter22');
    const thrown = await failure(new DrError('database-login-refused', explanation, { cause }));
    expect(thrown.details).toEqual([
      {
        happened: 'The login with [secret] was refused.',
        meaning: 'Nothing was changed.',
        next: 'Look at [secret].',
      },
    ]);
    expect(thrown.message).toBe(
      'The login with [secret] was refused. Nothing was changed. Look at [secret].',
    );
    expect(JSON.stringify([thrown.stack, thrown.cause])).not.toContain('hunter22');
  });

  test('waits as long as the other side said before the next try', async () => {
    const thrown = await failure(new DrError('provider-rate-limited', explanation, { retryAfterMs: 12_000 }));
    expect(thrown.nextRetryDelay).toBe(12_000);
  });

  test.for([
    ['an error', new Error('connect hunter22 failed')],
    ['a text', 'connect hunter22 failed'],
  ] as const)('that nobody foresaw, by %s, is told without secrets and tried again', async ([, thrown]) => {
    const told = await failure(thrown);
    expect(told).toMatchObject({
      type: 'internal-error',
      message: 'connect [secret] failed',
      nonRetryable: false,
      details: [
        {
          happened: 'stopApplication failed in a way that was not foreseen: connect [secret] failed',
        },
      ],
    });
    expect(JSON.stringify([told.stack, told.cause])).not.toContain('hunter22');
  });

  test('that was cancelled stays cancelled', async () => {
    const work = inActivity(environment(), () => Promise.reject(new CancelledFailure('asked to')));
    await expect(work).rejects.toBeInstanceOf(CancelledFailure);
  });
});

describe('an activity that is under way', () => {
  afterEach(() => vi.useRealTimers());

  /** What is heartbeat while the work goes on for some simulated time. */
  async function heartbeats(work: () => Promise<void>, ms: number, info = {}): Promise<unknown[]> {
    vi.useFakeTimers();
    const seen: unknown[] = [];
    const running = environment(info);
    running.on('heartbeat', (details: unknown) => seen.push(details));
    const done = inActivity(running, work);
    await vi.advanceTimersByTimeAsync(ms);
    await done;
    return seen;
  }

  test('gives a sign of life every 3 seconds though it says nothing itself, and none after its end', async () => {
    const seen = await heartbeats(() => sleep(10_000), 60_000);
    expect(seen).toHaveLength(3);
  });

  test('repeats its own last details, so that progress is not erased', async () => {
    const seen = await heartbeats(async () => {
      heartbeat({ rows: 1 });
      await sleep(4_000);
      heartbeat({ rows: 2 });
      await sleep(4_000);
    }, 8_000);
    expect(seen).toEqual([{ rows: 1 }, { rows: 1 }, { rows: 2 }, { rows: 2 }]);
  });

  test('keeps the details of the attempt before until it has its own', async () => {
    const seen = await heartbeats(() => sleep(4_000), 4_000, { heartbeatDetails: { rows: 7 } });
    expect(seen).toEqual([{ rows: 7 }]);
  });
});

function typeOf(name: string): ErrorType {
  const types: readonly string[] = Object.keys(errorTypes);
  const isType = (text: string): text is ErrorType => types.includes(text);
  if (!isType(name)) throw new Error(`${name} is no type of error.`);
  return name;
}
