import { describe, expect, it } from 'vitest';
import { policy } from '../../../../worker/policy.ts';
import { checkNames } from '../../../../workflows/contracts/check-names.ts';
import { is, judge } from './judge.ts';

describe('an objective that the provider cannot meet', () => {
  const point = (found: string) =>
    is([{ name: checkNames.providerPoint, passed: true, found, expected: 'at most 300 s ago' }]);

  it('is said with the lag, as it is measured and as it usually is', () => {
    const { state, found } = judge('RPO that the provider can keep', { provider: point('95 s ago') });
    expect(state).toBe('attention');
    expect(found).toContain('up to 2 min 00 s back (now 95 s ago)');
    expect(found).toContain('1 min 00 s CANNOT be met for database-corruption, data-loss, security-breach');
  });

  it('is not said of a provider that can meet it', () => {
    const restore = { ...policy.restore, providerLagMs: 30_000 };
    const { state } = judge('RPO that the provider can keep', { provider: point('9 s ago') }, { restore });
    expect(state).toBe('ok');
  });

  it('is said of the times that recoveries take, too', () => {
    const { state, found } = judge('RTO that can be kept', {});
    expect(state).toBe('attention');
    expect(found).toContain('application-crash may take 6 min 00 s, objective 5 min 00 s');
    expect(found).not.toContain('data-loss may take');
  });
});

describe('what complete failure can lose', () => {
  const record = (finishedAt: string, passed: boolean) =>
    is([
      {
        formatVersion: 1,
        operation: 'backup',
        environment: 'production',
        tier: 'recent',
        restores: [],
        workflowId: 'w',
        runId: 'r',
        startedBy: 'schedule',
        startedAt: finishedAt,
        finishedAt,
        outcome: 'succeeded',
        summary: 's',
        checks: [{ name: checkNames.exposure, passed, found: '31 min', expected: 'less than 1 h' }],
        failure: null,
      } as const,
    ]);
  const item = 'RPO of complete failure';

  it('is what the last backup measured, while it is young enough', () => {
    expect(judge(item, { backups: record('2025-11-29T11:45:00Z', true) })).toMatchObject({ state: 'ok' });
    expect(judge(item, { backups: record('2025-11-29T11:45:00Z', false) })).toMatchObject({
      state: 'failed',
    });
    expect(judge(item, { backups: record('2025-11-29T10:45:00Z', true) })).toMatchObject({
      state: 'failed',
      found: expect.stringContaining('1 h 15 min old'),
      todo: ['npx dr backup --environment production'],
    });
    expect(judge(item, { backups: is([]) }).found).toContain('unknown');
  });
});
