import { describe, expect, test } from 'vitest';
import type { Verification } from '../../../workflows/contracts/evidence.ts';
import type { LossSurvey } from '../../../workflows/contracts/recovery-point.ts';
import { discardedWindow, measureRpo, measureRto, recoveredTo } from '../../../workflows/runbook/clocks.ts';

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

describe('the recovered moment', () => {
  const marker = (writtenAt: string) => ({ sequence: 7, writtenAt, everyMs: 5_000 });
  const found = (newestCommitAt: string | null, markerAt: string | null) => ({
    verification: {
      checks: [],
      tables: [],
      newestCommitAt,
      marker: markerAt === null ? null : marker(markerAt),
    },
  });
  const early = '2026-01-01T00:00:10.000001Z';
  const late = '2026-01-01T00:00:10.000002Z';

  test.each([
    ['the marker, where nobody wrote for long', early, late, { at: late, by: 'recovery-marker' }],
    ['the commit, where somebody wrote since the marker', late, early, { at: late, by: 'newest-commit' }],
    ['the marker, where no commit is known', null, early, { at: early, by: 'recovery-marker' }],
  ])('is that of %s', (_, commitAt, markerAt, expected) => {
    expect(recoveredTo(found(commitAt, markerAt))).toEqual({ ...expected, markerEveryMs: 5_000 });
  });

  test('is told without a marker as well, and not where nothing was verified', () => {
    expect(recoveredTo(found(late, null))).toEqual({ at: late, by: 'newest-commit', markerEveryMs: null });
    expect(recoveredTo(found(null, null))).toBeNull();
    expect(recoveredTo({})).toBeNull();
    const failed = { name: 'x', passed: false, advisory: false, found: '', expected: '' };
    expect(
      recoveredTo({ verification: { ...found(late, early).verification, checks: [failed] } }),
    ).toBeNull();
  });

  test('is what the recovery point is measured from, and the report says by what', () => {
    const target = { kind: 'just-before', moment: '2026-01-01T00:00:14Z' } as const;
    const before = counted('2025-12-31T00:00:00Z');
    const quiet = found('2025-12-31T00:00:00Z', '2026-01-01T00:00:10Z');
    expect(measureRpo(5_000, null, target, quiet, before)).toEqual({
      objectiveMs: 5_000,
      measuredMs: 4_000,
      met: true,
      basis: 'from the recovery marker (every 5 s) to the last good moment',
    });
    expect(measureRpo(5_000, null, target, found(late, null), before).basis).toBe(
      'from the newest verified commit (no recovery marker came back) to the last good moment',
    );
  });

  test('bounds the recovery point by the last marker before the fence where no good moment is known', () => {
    const at = { kind: 'at', moment: '2026-01-01T00:00:10Z' } as const;
    const before = { ...counted(null), marker: marker('2026-01-01T00:01:10Z') };
    const bound = (objectiveMs: number) =>
      measureRpo(objectiveMs, null, at, found(null, '2026-01-01T00:00:10Z'), before);
    expect(bound(60_000)).toMatchObject({ measuredMs: 60_000, met: true });
    expect(bound(60_000).basis).toMatch(/^at most: from the recovery marker \(every 5 s\)/);
    expect(bound(59_999)).toMatchObject({ measuredMs: 60_000, met: null });
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
