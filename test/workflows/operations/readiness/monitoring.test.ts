import { describe, expect, it } from 'vitest';
import { is, judge } from './judge.ts';

describe('monitoring', () => {
  const item = 'Monitoring configured';
  const health = is({ healthy: true, latencyMs: 8, detail: '200' });
  const schedule = {
    id: 'monitor',
    operation: 'monitor',
    paused: false,
    nextAt: ['2025-11-29T12:05:00Z'],
    lastAt: null,
    changedAt: '2025-11-01T00:00:00Z',
    missedCatchupWindow: 0,
    skippedOverlap: 0,
    running: 0,
    asPolicy: true,
  } as const;
  const monitor = {
    since: '2025-11-29T11:00:00Z',
    lookedAt: '2025-11-29T11:59:40Z',
    trouble: null,
    silence: null,
    incident: null,
  };
  const looked = (change: Partial<typeof monitor>) =>
    judge(item, { health, schedules: is([schedule]), monitor: is({ ...monitor, ...change }) });

  it('is well while it is kept running and looks', () => {
    expect(looked({})).toMatchObject({
      state: 'ok',
      found: expect.stringContaining('looked last 2025-11-29 11:59:40 UTC'),
    });
  });

  it('is not well where it does not run, cannot look, or looked too long ago', () => {
    const none = judge(item, { health, schedules: is([schedule]), monitor: is(null) });
    expect(none).toMatchObject({ state: 'failed', found: 'the monitor does not run' });
    expect(looked({ lookedAt: '2025-11-29T11:57:00Z' }).state).toBe('failed');
    const blind = { ...monitor, trouble: 'The store is gone.' };
    expect(judge(item, { health, schedules: is([schedule]), monitor: is(blind) })).toMatchObject({
      state: 'failed',
      found: 'the monitor cannot look: The store is gone.',
    });
  });

  it('says who silenced it, and what it has open', () => {
    const silence = {
      by: 'anna',
      reason: 'move',
      from: '2025-11-29T11:50:00Z',
      until: '2025-11-29T13:00:00Z',
    };
    expect(
      judge(item, { health, schedules: is([schedule]), monitor: is({ ...monitor, silence }) }),
    ).toMatchObject({
      state: 'attention',
      found: expect.stringContaining('silenced by anna until 2025-11-29 13:00:00 UTC: move'),
      todo: ['npx dr monitor unsilence --environment production'],
    });
    const incident = { scenario: 'data-loss', because: 'sales are missing' } as const;
    expect(
      judge(item, { health, schedules: is([schedule]), monitor: is({ ...monitor, incident }) }),
    ).toMatchObject({ state: 'attention', found: expect.stringContaining('(data-loss): sales are missing') });
  });
});
