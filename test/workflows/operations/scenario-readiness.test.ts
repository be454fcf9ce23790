import { describe, expect, it } from 'vitest';
import { policy } from '../../../worker/policy.ts';
import type { Fingerprint } from '../../../workflows/contracts/fingerprint.ts';
import type { DrillEvidence } from '../../../workflows/contracts/scenario-readiness.ts';
import { scenarioReadiness } from '../../../workflows/operations/readiness/scenario-readiness.ts';

const fingerprint: Fingerprint = {
  code: { workflows: 'c1', activities: 'c2' },
  policy: { crash: 'p1', health: 'p2' },
  schema: { 'public.sales': 's1' },
  provider: { project: 'r1', region: 'r2', 'PostgreSQL version': 'r3' },
};

const drill: DrillEvidence = {
  environment: 'staging',
  scenario: 'data-loss',
  finishedAt: '2025-11-03T15:00:00.000Z',
  succeeded: true,
  failure: null,
  criteria: [{ name: 'recovery within RTO', passed: true, found: '9 min', expected: '30 min' }],
  fingerprint,
};

function judge(
  drills: readonly DrillEvidence[],
  change: { now?: string; fingerprint?: Fingerprint | null; environment?: string } = {},
) {
  return scenarioReadiness(
    'data-loss',
    {
      environment: change.environment ?? 'staging',
      drills,
      fingerprint: change.fingerprint === undefined ? fingerprint : change.fingerprint,
      nowMs: Date.parse(change.now ?? '2025-12-01T12:00:00Z'),
    },
    policy,
  );
}

describe('a scenario', () => {
  it('is verified after a good drill, until the policy says, with the place that it was drilled in', () => {
    expect(judge([drill])).toMatchObject({
      state: 'verified',
      drilledIn: 'staging',
      verifiedUntil: '2026-02-09T15:00:00.000Z',
      found: 'verified (staging) until 2026-02-09: drilled 2025-11-03 (staging), nothing changed since',
    });
  });

  it('needs verification when the drill is older than that, to the millisecond', () => {
    expect(judge([drill], { now: '2026-02-09T15:00:00.000Z' }).state).toBe('verified');
    expect(judge([drill], { now: '2026-02-09T15:00:00.001Z' })).toMatchObject({
      state: 'needs-verification',
      verifiedUntil: null,
      found: expect.stringContaining('98 days ago; it counts for 98 days'),
    });
  });

  it('needs verification when something changed, and names each part of it', () => {
    const changed: Fingerprint = {
      code: { workflows: 'other', activities: 'c2' },
      policy: { crash: 'other', health: 'other' },
      schema: { 'public.sales': 's1', 'public.refunds': 'new' },
      provider: { project: 'r1', region: 'r2' },
    };
    const { state, changed: parts } = judge([drill], { fingerprint: changed });
    expect(state).toBe('needs-verification');
    expect(parts).toEqual([
      'code: workflows',
      'policy: crash, health',
      'schema: public.refunds',
      'provider: PostgreSQL version',
    ]);
  });

  it('is verified by a drill elsewhere although project and place differ, and not when their set-up does', () => {
    const elsewhere = { environment: 'production' };
    const there = { ...fingerprint, provider: { ...fingerprint.provider, project: 'another' } };
    expect(judge([drill], { ...elsewhere, fingerprint: there }).state).toBe('verified');
    expect(judge([drill], { fingerprint: there }).changed).toEqual(['provider: project']);
    const older = { ...there, provider: { ...there.provider, 'PostgreSQL version': 'older' } };
    expect(judge([drill], { ...elsewhere, fingerprint: older }).changed).toEqual([
      'provider: PostgreSQL version',
    ]);
  });

  it('was never drilled when only others were', () => {
    expect(judge([]).state).toBe('never-drilled');
    expect(judge([{ ...drill, scenario: 'application-crash' }])).toMatchObject({
      state: 'never-drilled',
      drilledAt: null,
    });
  });

  it('counts as failed from its last drill on, with the criterion that was missed, until one is good again', () => {
    const missed = [{ name: 'no data lost', passed: false, found: '3 rows', expected: '0 rows' }];
    const failed = { ...drill, finishedAt: '2025-11-20T15:00:00.000Z', succeeded: false, criteria: missed };
    expect(judge([drill, failed])).toMatchObject({
      state: 'drill-failed',
      found: 'last drill failed (staging, 2025-11-20): no data lost: 3 rows, expected 0 rows',
    });
    const again = { ...drill, finishedAt: '2025-11-21T15:00:00.000Z' };
    expect(judge([again, failed, drill]).state).toBe('verified');
  });

  it('is verified by the place whose drill still fits, where another one does not', () => {
    const sandbox = {
      ...drill,
      environment: 'sandbox',
      finishedAt: '2025-11-28T15:00:00.000Z',
      fingerprint: { ...fingerprint, policy: { crash: 'short waits', health: 'p2' } },
    };
    expect(judge([sandbox, drill])).toMatchObject({ state: 'verified', drilledIn: 'staging' });
    expect(judge([sandbox])).toMatchObject({ state: 'needs-verification', changed: ['policy: crash'] });
  });

  it('is not called verified where nothing tells what is there now, or what was there then', () => {
    expect(judge([drill], { fingerprint: null }).state).toBe('unknown');
    expect(judge([{ ...drill, fingerprint: null }])).toMatchObject({
      state: 'needs-verification',
      found: expect.stringContaining('was not recorded'),
    });
  });
});
