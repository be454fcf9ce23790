import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFolderStore } from '../../../activities/adapters/folder-store/index.ts';
import { putOperationRecord } from '../../../activities/alerting/operation-records.ts';
import { measuredDurations } from '../../../activities/evidence/index.ts';
import { putReport } from '../../../activities/evidence/reports.ts';
import type { OperationName, OperationRecord } from '../../../workflows/contracts/operations.ts';
import type { StepRecord } from '../../../workflows/contracts/status.ts';
import { sampleReport, sampleStep } from '../../workflows/runbook/sample-status.ts';

const environment = 'production';

describe('what the last restores took', () => {
  let folder: string;
  let store: ReturnType<typeof createFolderStore>;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dr-durations-'));
    store = createFolderStore({ root: folder });
  });
  afterEach(() => rm(folder, { recursive: true }));

  /** Leaves the record of a test of this day of January that measured these. */
  const test = (day: number, ms: readonly number[], operation: OperationName = 'restore-test') => {
    const at = `2026-01-${String(day).padStart(2, '0')}T05:00:00.000Z`;
    const record: OperationRecord = {
      formatVersion: 1,
      environment,
      operation,
      tier: null,
      workflowId: operation,
      runId: `run-${day}`,
      startedBy: 'schedule',
      startedAt: at,
      finishedAt: at,
      outcome: 'succeeded',
      summary: 'restored',
      checks: [],
      restores: ms.map((each) => ({ from: 's3', ms: each })),
      failure: null,
    };
    return putOperationRecord(store, record);
  };
  const recovery = (day: number, restoreMs: number | null) =>
    putReport(store, {
      key: `recoveries/${environment}/2026-01-${String(day).padStart(2, '0')}T05-00-00.000Z-0199/report`,
      document: { title: 'report', verdict: null, headline: '', sections: [] },
      json: { ...sampleReport, restoreMs },
    });
  const measured = () => measuredDurations(store, environment);

  it('is not known where nothing was restored', async () => {
    await test(1, []);
    await recovery(1, null);
    expect(await measured()).toMatchObject({ restore: null, restoreOwnBackup: null });
  });

  it('is told apart by the road: restore tests for our own backups, recoveries for the provider', async () => {
    await test(1, [40_000]);
    await test(2, [65_000]);
    await test(3, [30_000, 50_000, 45_000], 'full-test');
    await recovery(1, 400_000);
    await recovery(2, null);
    await recovery(3, 300_000);
    await recovery(4, 900_000);
    expect(await measured()).toMatchObject({
      restoreOwnBackup: { minMs: 45_000, maxMs: 65_000, measured: { runs: 5, of: 'restore tests' } },
      restore: { minMs: 400_000, maxMs: 900_000, measured: { runs: 3, of: 'recoveries' } },
    });
  });

  it('counts the last ten, so that it follows a database that grows', async () => {
    for (let day = 1; day <= 20; day += 1) await test(day, [day * 1_000]);
    for (let day = 1; day <= 20; day += 1) await recovery(day, day * 1_000);
    const lastTen = { minMs: 16_000, maxMs: 20_000 };
    expect(await measured()).toMatchObject({
      restore: { ...lastTen, measured: { runs: 10 } },
      restoreOwnBackup: { ...lastTen, measured: { runs: 10 } },
    });
  });

  it('is told of each step, without waits for people, from those runs that did it', async () => {
    const minute = (count: number) => `2026-01-01T00:${String(count).padStart(2, '0')}:00.000Z`;
    const took = (id: string, minutes: number, changes: Partial<StepRecord> = {}): StepRecord => ({
      ...sampleStep,
      id,
      startedAt: minute(0),
      finishedAt: minute(minutes),
      ...changes,
    });
    const runs: readonly (readonly StepRecord[])[] = [
      [took('stop', 3), took('gate', 20, { waits: [{ from: minute(1), to: minute(16) }] })],
      [took('stop', 1), took('gate', 9, { waitedForPeopleMs: 4 * 60_000 })],
      [took('stop', 2), took('gate', 9, { state: 'rejected' })],
      [
        took('stop', 4, { waits: [{ from: '2025-12-31T23:00:00.000Z', to: minute(1) }] }),
        // Of an old report that does not tell which of the waits fell into the last try.
        took('gate', 5, { waitedForPeopleMs: 3_600_000 }),
        took('look', 5, { kind: 'manual' }),
      ],
    ];
    for (const [index, steps] of runs.entries()) {
      await putReport(store, {
        key: `recoveries/${environment}/2026-01-0${index + 1}T05-00-00.000Z-0199/report`,
        document: { title: 'report', verdict: null, headline: '', sections: [] },
        json: { ...sampleReport, status: { ...sampleReport.status, steps } },
      });
    }
    const minutes = (min: number, max: number, count: number) => ({
      minMs: min * 60_000,
      maxMs: max * 60_000,
      measured: { runs: count, of: 'recoveries' },
    });
    expect((await measured()).steps).toEqual({ stop: minutes(3, 3, 4), gate: minutes(5, 5, 2) });
  });

  it('passes over what cannot be read', async () => {
    await recovery(1, 1_000);
    await store.putText(`recoveries/${environment}/2026-02-01T05-00-00.000Z-0199/report.json`, '{', 'a/b');
    await store.putText(`recoveries/${environment}/2026-02-02T05-00-00.000Z-0199/report.json`, '{}', 'a/b');
    expect((await measured()).restore).toEqual({
      minMs: 1_000,
      maxMs: 1_000,
      measured: { runs: 1, of: 'recoveries' },
    });
  });
});
