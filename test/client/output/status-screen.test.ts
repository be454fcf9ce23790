import { describe, expect, it } from 'vitest';
import { statusScreen } from '../../../client/output/status-screen.ts';
import type { RecoveryStatus } from '../../../workflows/contracts/status.ts';
import { sampleStatus, sampleStep } from '../../workflows/runbook/sample-status.ts';

const measured = { minMs: 600_000, maxMs: 900_000, measured: { runs: 4, of: 'recoveries' } } as const;
const waiting: RecoveryStatus = {
  ...sampleStatus,
  incidentAt: '2026-01-01T00:00:00.000Z',
  steps: [
    sampleStep,
    {
      ...sampleStep,
      id: 'restore-database',
      kind: 'destructive',
      title: 'Restore',
      state: 'waiting',
      finishedAt: null,
      expected: measured,
    },
    { ...sampleStep, id: 'watch-health', state: 'pending', startedAt: null, finishedAt: null, watchesMs: 0 },
  ],
};

const at = (status: RecoveryStatus, now: string) =>
  statusScreen(status, {
    width: 80,
    style: (_tone, text) => text,
    now: new Date(now),
  })
    .map((line) => line.trim())
    .join(' ');

describe('the screen of a run', () => {
  it('foresees its end by the clock of whoever looks, and warns when the RTO will be missed', () => {
    const early = at(waiting, '2026-01-01T00:10:00.000Z');
    expect(early).toContain('at 2026-01-01 00:20:00 UTC, 10 min 00 s before the RTO');
    expect(early).not.toContain('WARNING');
    const late = at(waiting, '2026-01-01T00:21:00.000Z');
    expect(late).toContain('at 2026-01-01 00:31:00 UTC, 1 min 00 s AFTER the RTO');
    expect(late).toContain('WARNING: The RTO will be missed. Possible: answer now: "Rewind the database?"');
  });

  it('tells what came back, once that is known', () => {
    const recoveredTo = {
      at: '2026-01-01T00:00:07.250000Z',
      by: 'recovery-marker',
      markerEveryMs: 5_000,
    } as const;
    expect(at({ ...waiting, recoveredTo }, '2026-01-01T00:10:00.000Z')).toContain(
      '2026-01-01 00:00:07.25 UTC, by the recovery marker (every 5 s)',
    );
  });
});
