import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { CancelledFailure, type Context } from '@temporalio/activity';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createRailwayPlatform } from '../../activities/adapters/railway/index.ts';
import { createSupabasePlatform } from '../../activities/adapters/supabase/index.ts';
import { ActivityInterceptor } from '../../worker/activity-interceptor.ts';
import { assertAttemptHeld, watchStandstills } from '../../worker/attempt-hold.ts';
import { guardApplicationPlatform, guardDatabasePlatform } from '../../worker/guarded-ports.ts';
import { inActivity } from '../activities/in-activity.ts';
import { type SandboxSmtp, startSandboxSmtp } from '../sandbox/smtp/index.ts';

const heartbeatTimeoutMs = 5_000;

function attempt(): MockActivityEnvironment {
  return new MockActivityEnvironment(
    { heartbeatTimeoutMs },
    {
      logger: new DefaultLogger('ERROR'),
      interceptors: [(context: Context) => ({ inbound: new ActivityInterceptor(context, []) })],
    },
  );
}

describe('a worker whose process is stopped and goes on later', () => {
  let inbox: SandboxSmtp;
  const workers: ChildProcess[] = [];
  beforeAll(async () => {
    inbox = await startSandboxSmtp();
  });
  afterAll(() => inbox.stop());
  afterEach(async () => {
    for (const worker of workers.splice(0)) {
      if (worker.exitCode !== null || worker.signalCode !== null) continue;
      worker.kill('SIGKILL');
      await once(worker, 'exit');
    }
  });

  async function startWorker() {
    const program = ['--import', 'tsx', join(import.meta.dirname, 'frozen-worker.ts')];
    const worker = spawn(process.execPath, [...program, inbox.url, String(heartbeatTimeoutMs)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    workers.push(worker);
    const lines = createInterface(worker.stdout)[Symbol.asyncIterator]();
    const said = async () => String((await lines.next()).value);
    expect(await said()).toBe('ready');
    return {
      order: (subject: string) => worker.stdin.write(`${subject}\n`),
      said,
      /** Stops it for longer than Temporal waits for a heartbeat. */
      freeze: async (meanwhile: () => void) => {
        worker.kill('SIGSTOP');
        meanwhile();
        await new Promise((resolve) => setTimeout(resolve, heartbeatTimeoutMs + 500));
        worker.kill('SIGCONT');
      },
    };
  }

  const subjects = () => inbox.messages().map(({ subject }) => subject);

  it('changes nothing in the attempt that it had, neither at once nor later', async () => {
    const { order, said, freeze } = await startWorker();
    order('before the freeze');
    expect(await said()).toBe('sent');
    await freeze(() => order('right after it'));
    expect(await said()).toBe('attempt-lost');
    order('later');
    expect(await said()).toBe('attempt-lost');
    await inbox.waitForMessage(({ subject }) => subject === 'before the freeze', 60_000);
    expect(subjects()).not.toContain('right after it');
    expect(subjects()).not.toContain('later');
  });
});

describe('a worker whose machine was suspended', () => {
  let stop: () => void;
  beforeAll(() => {
    vi.useFakeTimers();
    stop = watchStandstills();
  });
  afterAll(() => {
    stop();
    vi.useRealTimers();
  });

  const suspendFor = (ms: number) => vi.setSystemTime(Date.now() + ms);
  const change = () => inActivity(attempt(), async () => assertAttemptHeld('stop a deployment'));

  it('makes no change in an attempt that it had, nor in one that reaches it as it wakes', async () => {
    const had = inActivity(attempt(), async () => {
      suspendFor(heartbeatTimeoutMs / 2);
      assertAttemptHeld('stop a deployment');
    });
    await expect(had).rejects.toMatchObject({ type: 'attempt-lost', nonRetryable: false });
    await expect(change()).rejects.toMatchObject({ type: 'attempt-lost' });
  });

  it('makes changes again in the attempts of afterwards', async () => {
    suspendFor(heartbeatTimeoutMs);
    await vi.advanceTimersByTimeAsync(2_000);
    await expect(change()).resolves.toBeUndefined();
  });
});

describe('an attempt', () => {
  let provider: Server;
  let requests = 0;
  beforeAll(async () => {
    provider = createServer((_, response) => {
      requests += 1;
      response.writeHead(500).end();
    });
    await once(provider.listen(0, '127.0.0.1'), 'listening');
  });
  afterAll(async () => {
    provider.closeAllConnections();
    await new Promise((resolve) => provider.close(resolve));
  });

  function platforms() {
    const { port } = addressOf(provider);
    const url = `http://127.0.0.1:${port}`;
    const application = guardApplicationPlatform(
      createRailwayPlatform({
        endpoint: url,
        token: { kind: 'bearer', value: 'token' },
        projectId: 'project',
        environmentId: 'environment',
        serviceId: 'service',
        timeoutMs: 5_000,
      }),
    );
    const database = guardDatabasePlatform(
      createSupabasePlatform({ baseUrl: url, projectRef: 'ref', accessToken: 'token', timeoutMs: 5_000 }),
    );
    return { application, database };
  }

  type Platforms = ReturnType<typeof platforms>;
  const changes: readonly (readonly [string, (platforms: Platforms) => Promise<unknown>])[] = [
    ['setAutoDeploy', ({ application }) => application.setAutoDeploy(true)],
    ['cancelDeployment', ({ application }) => application.cancelDeployment('id')],
    ['stopDeployment', ({ application }) => application.stopDeployment('id')],
    ['redeploy', ({ application }) => application.redeploy('id')],
    ['restartDeployment', ({ application }) => application.restartDeployment('id')],
    ['rollbackTo', ({ application }) => application.rollbackTo('id')],
    ['restrictNetwork', ({ database }) => database.restrictNetwork([])],
  ];

  it.each(changes)('that holds asks the provider for %s, and a cancelled one does not', async (_, change) => {
    const before = requests;
    await expect(inActivity(attempt(), () => change(platforms()))).rejects.toBeInstanceOf(Error);
    expect(requests).toBe(before + 1);
    const cancelled = attempt();
    cancelled.cancel();
    const refused = inActivity(cancelled, () => change(platforms()));
    await expect(refused).rejects.toBeInstanceOf(CancelledFailure);
    expect(requests).toBe(before + 1);
  });

  it('that was cancelled answers that the restore request was not sent', async () => {
    const before = requests;
    const cancelled = attempt();
    cancelled.cancel();
    const outcome = inActivity(cancelled, () =>
      platforms().database.requestPointInTimeRestore({
        targetUnix: 1_764_385_919,
        deadline: new Date(Date.now() + 60_000),
      }),
    );
    await expect(outcome).resolves.toMatchObject({ kind: 'not-sent' });
    expect(requests).toBe(before);
  });

  it('is not asked for outside of an activity', async () => {
    const before = requests;
    await expect(platforms().application.stopDeployment('id')).rejects.toMatchObject({ name: 'DrError' });
    expect(requests).toBe(before + 1);
  });
});

function addressOf(server: Server): AddressInfo {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The provider does not listen.');
  return address;
}
