import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFolderStore } from '../../../activities/adapters/folder-store/index.ts';
import { putOperationRecord } from '../../../activities/alerting/operation-records.ts';
import { readMeasurements } from '../../../activities/evidence/measurements.ts';
import { checkNames } from '../../../workflows/contracts/check-names.ts';
import type { OperationRecord } from '../../../workflows/contracts/operations.ts';
import type { RecoveryReport } from '../../../workflows/contracts/report.ts';
import { operationDocument } from '../../../workflows/runbook/documents/operation.ts';
import { sampleReport } from '../../workflows/runbook/sample-status.ts';
import { failureOf } from '../failure-of.ts';

const environment = 'production';
const from = '2026-01-01T00:00:00.000Z';

describe('what was measured over months', () => {
  let folder: string;
  let store: ReturnType<typeof createFolderStore>;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dr-measurements-'));
    store = createFolderStore({ root: folder });
  });
  afterEach(() => rm(folder, { recursive: true }));

  const measured = () => readMeasurements(store, { environment, from });
  const write = (key: string, value: unknown) =>
    store.putText(key, JSON.stringify(value), 'application/json');
  const recovered = (
    startedAt: string,
    runId: string,
    change: Partial<RecoveryReport> = {},
  ): RecoveryReport => ({
    ...sampleReport,
    outcome: 'recovered',
    rto: { objectiveMs: 1, measuredMs: 9_000, met: true, basis: '' },
    rpo: { objectiveMs: 1, measuredMs: 500, met: true, basis: '' },
    status: { ...sampleReport.status, startedAt, runId },
    ...change,
  });
  const recovery = (startedAt: string, runId: string, change: Partial<RecoveryReport> = {}) =>
    write(
      `recoveries/${environment}/${startedAt.replaceAll(':', '-')}-${runId}/report.json`,
      recovered(startedAt, runId, change),
    );
  const operation = (record: Partial<OperationRecord> & Pick<OperationRecord, 'operation' | 'startedAt'>) => {
    const whole: OperationRecord = {
      formatVersion: 1,
      environment,
      tier: null,
      workflowId: record.operation,
      runId: 'run-1',
      startedBy: 'schedule',
      finishedAt: record.startedAt,
      outcome: 'succeeded',
      summary: 'done',
      checks: [],
      restores: [],
      failure: null,
      ...record,
    };
    return putOperationRecord(store, whole, operationDocument(whole));
  };
  const check = (name: string, figure: number) => ({
    name,
    passed: true,
    found: 'some',
    expected: 'some',
    measured: figure,
  });

  it('is nothing where nothing is stored', async () => {
    const nothing = { runs: [], restores: [], backupBytes: [], backupAges: [], leftOut: [] };
    expect(await measured()).toEqual(nothing);
  });

  it('takes recoveries since the moment, oldest first, and none that did not try or that another ended', async () => {
    await recovery('2026-03-01T00:00:00.000Z', 'b');
    await recovery('2026-02-01T00:00:00.000Z', 'a', {
      outcome: 'left-fenced',
      rto: { objectiveMs: 1, measuredMs: null, met: null, basis: '' },
    });
    await recovery('2025-12-31T23:59:59.000Z', 'old');
    await recovery('2026-03-02T00:00:00.000Z', 'dismissed', { outcome: 'undone' });
    await recovery('2026-03-03T00:00:00.000Z', 'gone-over', { outcome: 'handed-over' });
    const { runs, leftOut } = await measured();
    expect(runs.map(({ at, kind, rtoMs, rpoMs }) => [at.slice(0, 10), kind, rtoMs, rpoMs])).toEqual([
      ['2026-02-01', 'recovery', null, 500],
      ['2026-03-01', 'recovery', 9_000, 500],
    ]);
    expect(leftOut).toEqual([]);
  });

  it('counts the recovery of a drill once, as the drill', async () => {
    const startedAt = '2026-02-02T14:00:00.000Z';
    const report = recovered('2026-02-02T14:00:05.000Z', 'drilled');
    await recovery('2026-02-02T14:00:05.000Z', 'drilled');
    const drill = { scenario: 'data-loss', startedAt, recovery: report };
    await write(`drills/${environment}/2026-02-02T14-00-00.000Z.json`, drill);
    await write(`drills/${environment}/2026-02-03T14-00-00.000Z.json`, {
      ...drill,
      startedAt: '2026-02-03T14:00:00.000Z',
      recovery: null,
    });
    const { runs } = await measured();
    expect(runs.map(({ at, kind, rtoMs }) => [at, kind, rtoMs])).toEqual([
      [startedAt, 'drill', 9_000],
      ['2026-02-03T14:00:00.000Z', 'drill', null],
    ]);
  });

  it('takes restores, sizes and ages from the records of tests and validations, pages beside them or not', async () => {
    await operation({
      operation: 'restore-test',
      startedAt: '2026-02-01T05:00:00.000Z',
      restores: [{ from: 's3', ms: 40_000 }],
    });
    await operation({
      operation: 'full-test',
      startedAt: '2026-02-02T14:00:00.000Z',
      restores: [
        { from: 'local', ms: 20_000 },
        { from: 's3', ms: 41_000 },
      ],
      checks: [check(`validation: ${checkNames.ownFresh}`, 60_000)],
    });
    await operation({
      operation: 'backup-validation',
      startedAt: '2026-02-03T04:00:00.000Z',
      checks: [check(checkNames.ownFresh, 90_000), check(checkNames.ownSize, 1_000_000)],
    });
    const { restores, backupAges, backupBytes } = await measured();
    expect(restores.map(({ value }) => value)).toEqual([40_000, 20_000, 41_000]);
    expect(backupAges.map(({ value }) => value)).toEqual([60_000, 90_000]);
    expect(backupBytes).toEqual([{ at: '2026-02-03T04:00:00.000Z', value: 1_000_000 }]);
  });

  it('says what could not be read, and takes the rest', async () => {
    await recovery('2026-03-01T00:00:00.000Z', 'b');
    await store.putText(`recoveries/${environment}/2026-03-02/report.json`, '{', 'application/json');
    await write(`recoveries/${environment}/2026-03-03/report.json`, { outcome: 'recovered' });
    const before = `recoveries/${environment}/2025-01-01T00-00-00.000Z-old/report.json`;
    await store.putText(before, 'damaged, but of no interest', 'application/json');
    const { runs, leftOut } = await measured();
    expect(runs).toHaveLength(1);
    expect(leftOut).toEqual([`2 of 3 objects below recoveries/${environment}/ could not be read.`]);
  });

  it('refuses a moment that is none and a name that leaves its folder', async () => {
    for (const input of [
      { environment, from: 'long ago' },
      { environment: '../other', from },
    ]) {
      expect((await failureOf(readMeasurements(store, input))).type).toBe('input-invalid');
    }
  });
});
