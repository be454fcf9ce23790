import { describe, expect, test } from 'vitest';
import type { Verification } from '../../../workflows/contracts/evidence.ts';
import type { LossSurvey } from '../../../workflows/contracts/recovery-point.ts';
import { discardedWindow, measureRpo, measureRto } from '../../../workflows/runbook/clocks.ts';

const health = { watchedMs: 1, probes: 1, failedBeforeHealthy: 0, healthySince: '2026-01-01T00:20:00.000Z' };
const verified = (newestCommitAt: string | null): { verification: Verification } => ({
  verification: { checks: [], tables: [], newestCommitAt },
});
const counted = (newestCommitAt: string | null): LossSurvey => ({
  targetUnix: 0,
  surveyedAt: '2026-01-01T00:05:00Z',
  tables: [],
  newestCommitAt,
  databaseBytes: 1,
});

describe('the recovery time', () => {
  test('runs from the incident until the application is healthy', () => {
    expect(measureRto(1_800_000, '2026-01-01T00:00:00Z', { health })).toMatchObject({
      measuredMs: 1_200_000,
      met: true,
    });
    expect(measureRto(1_199_999, '2026-01-01T01:00:00+01:00', { health }).met).toBe(false);
  });

  test('is unknown, and its objective neither met nor missed, when one of its ends is', () => {
    expect(measureRto(1, null, { health })).toMatchObject({ measuredMs: null, met: null });
    expect(measureRto(1, '2026-01-01T00:00:00Z', {})).toMatchObject({ measuredMs: null, met: null });
  });
});

describe('the recovery point', () => {
  const newest = '2026-01-01T00:00:10.5Z';

  test('is counted to the moment that the recovery was to go just before', () => {
    const target = { kind: 'just-before', moment: '2026-01-01T00:00:12Z' } as const;
    expect(measureRpo(1_500, '2026-01-01T00:09:00Z', target, verified(newest))).toMatchObject({
      measuredMs: 1_500,
      met: true,
    });
  });

  test('is counted to the incident for any other target', () => {
    const target = { kind: 'at', moment: '2026-01-01T00:00:00Z' } as const;
    expect(measureRpo(60_000, '2026-01-01T00:02:00Z', target, verified(newest))).toMatchObject({
      measuredMs: 109_500,
      met: false,
    });
  });

  test('is unknown when the newest commit or the last good moment is', () => {
    const incident = '2026-01-01T00:02:00Z';
    for (const measured of [
      measureRpo(1, incident, null, verified(null)),
      measureRpo(1, incident, null, {}),
      measureRpo(1, null, { kind: 'at', moment: incident }, verified(newest)),
    ]) {
      expect(measured).toMatchObject({ measuredMs: null, met: null });
    }
  });

  test('is never better than nothing lost', () => {
    const target = { kind: 'just-before', moment: '2026-01-01T00:00:00Z' } as const;
    expect(measureRpo(0, null, target, verified(newest))).toMatchObject({ measuredMs: 0, met: true });
  });
});

describe('the discarded window', () => {
  const restored = '2026-01-01T00:00:00Z';

  test('goes from the newest restored commit to the last before the fence', () => {
    expect(discardedWindow(verified(restored), counted('2026-01-01T00:03:00.250Z'))).toEqual({
      from: restored,
      to: '2026-01-01T00:03:00.250Z',
      ms: 180_250,
    });
  });

  test('has no length when an end is not known, and is none before anything was verified', () => {
    expect(discardedWindow(verified(null), counted(restored))?.ms).toBeNull();
    expect(discardedWindow(verified(restored), counted(null))?.ms).toBeNull();
    expect(discardedWindow({}, counted(restored))).toBeNull();
    expect(discardedWindow(verified(restored), undefined)).toBeNull();
  });
});
