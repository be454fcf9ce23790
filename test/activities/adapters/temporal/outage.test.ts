import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Connection, ScheduleClient } from '@temporalio/client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createTemporalOrchestrator } from '../../../../activities/adapters/temporal/index.ts';
import { locateTemporal } from '../../../../activities/adapters/toolbox/index.ts';
import { createCoordinationActivities } from '../../../../activities/coordination/index.ts';
import { searchAttributes } from '../../../../workflows/contracts/names.ts';
import type { ScheduleSpec } from '../../../../workflows/contracts/operations.ts';
import { freeServerPort } from '../../../sandbox/process/free-port.ts';
import { startTethered, type TetheredProcess } from '../../../sandbox/process/tethered-process.ts';
import { failureOf } from '../../failure-of.ts';

/** Temporal makes up for nothing that is older than this, and takes no shorter window, ms. */
const shortestCatchupMs = 10_000;

/** A server that keeps its data in a file, so that it can go down and come back. */
async function serverThatRestarts(folder: string) {
  const { path } = await locateTemporal();
  const port = await freeServerPort();
  const log = await open(join(folder, 'temporal.log'), 'a');
  const attributes = Object.values(searchAttributes).flatMap(({ name }) => [
    '--search-attribute',
    `${name}=Keyword`,
  ]);
  const start = () =>
    startTethered({
      program: [
        path,
        ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port), '--headless'],
        ...['--db-filename', join(folder, 'temporal.db'), '--log-level', 'never', ...attributes],
      ],
      folder,
      output: log.fd,
      removeAtEnd: [],
    });
  return { address: `127.0.0.1:${port}`, start, close: () => log.close() };
}

describe('an outage of Temporal that is longer than the catch-up window', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dr-temporal-outage-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('fails as an outage meanwhile, and is noticed once by the check of the schedules', async () => {
    const server = await serverThatRestarts(folder);
    const { scheduler, registry, desk, monitor, close } = createTemporalOrchestrator({
      connectionOptions: { address: server.address },
    });
    const spec: ScheduleSpec = {
      id: 'backup-recent',
      operation: 'backup',
      tier: 'recent',
      cron: ['* * * * *'],
      overlap: 'skip',
      catchupWindowMs: shortestCatchupMs,
      procedure: 'section 8',
    };
    const { checkSchedules } = createCoordinationActivities({
      registry,
      desk,
      monitor,
      scheduler,
      policy: { schedules: [spec], pollEveryMs: 100 },
    });
    const check = (previous: Awaited<ReturnType<typeof checkSchedules>>['counts']) =>
      checkSchedules({ environment: 'outage', previous });
    const untilItAnswers = () => vi.waitFor(() => scheduler.list('outage', [spec], 0), 60_000);

    let running: TetheredProcess = server.start();
    try {
      await untilItAnswers();
      await scheduler.apply('outage', [spec]);
      await runEachSecond(server.address, 'outage-backup-recent');
      const before = await check([]);
      expect(before.counts).toMatchObject([{ id: 'backup-recent', missedCatchupWindow: 0 }]);

      await running.stop();
      const down = Date.now();
      expect((await failureOf(check([]))).type).toBe('orchestrator-unavailable');
      await vi.waitFor(() => expect(Date.now() - down).toBeGreaterThan(shortestCatchupMs + 3_000), {
        timeout: 60_000,
        interval: 100,
      });
      running = server.start();
      await untilItAnswers();

      const found = await vi.waitFor(async () => {
        const checked = await check(before.counts);
        expect(checked.checks[0]?.found).toMatch(/\d+ missed since the last check/);
        return checked;
      }, 60_000);
      expect(found.checks[0]).toMatchObject({ name: 'schedule backup-recent', passed: false });
      const again = await check(found.counts);
      expect(again.checks[0]?.found).not.toContain('missed');
    } finally {
      await close();
      await running.stop();
      await server.close();
    }
  });
});

/** No spec of the policy runs more often than each minute: the test would have to last that long. */
async function runEachSecond(address: string, scheduleId: string): Promise<void> {
  const connection = await Connection.connect({ address });
  try {
    await new ScheduleClient({ connection })
      .getHandle(scheduleId)
      .update(({ raw: _raw, memo: _memo, info: _info, scheduleId: _id, ...found }) => ({
        ...found,
        spec: { intervals: [{ every: '1s' }] },
      }));
  } finally {
    await connection.close();
  }
}
