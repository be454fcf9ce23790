import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFolderStore } from '../../../activities/adapters/folder-store/index.ts';
import { putOperationRecord } from '../../../activities/alerting/operation-records.ts';
import { measuredRestores } from '../../../activities/evidence/index.ts';
import { putReport } from '../../../activities/evidence/reports.ts';
import type { OperationName, OperationRecord } from '../../../workflows/contracts/operations.ts';
import { sampleReport } from '../../workflows/runbook/sample-status.ts';

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
      markdown: '',
      json: { ...sampleReport, restoreMs },
    });
  const measured = () => measuredRestores(store, environment);

  it('is not known where nothing was restored', async () => {
    await test(1, []);
    await recovery(1, null);
    expect(await measured()).toEqual({ restore: null, restoreOwnBackup: null });
  });

  it('is told apart by the road: restore tests for our own backups, recoveries for the provider', async () => {
    await test(1, [40_000]);
    await test(2, [65_000]);
    await test(3, [30_000, 50_000, 45_000], 'full-test');
    await recovery(1, 400_000);
    await recovery(2, null);
    await recovery(3, 300_000);
    await recovery(4, 900_000);
    expect(await measured()).toEqual({
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
