import { describe, expect, it } from 'vitest';
import { createGovernanceActivities, type MeasuredDurations } from '../../../activities/governance/index.ts';
import { policy } from '../../../worker/policy.ts';
import { basisOf } from '../../../workflows/runbook/format.ts';

const restore = { minMs: 40_000, maxMs: 65_000, measured: { runs: 3, of: 'restore tests' } } as const;

const admitting = (measuredDurations: (environment: string) => Promise<MeasuredDurations>) =>
  createGovernanceActivities({ policy, environment: 'production', measuredDurations });
const recovery = { environment: 'production', startedBy: 'oncall' };

describe('the durations that a recovery is admitted with', () => {
  it('are those measured in its environment, and the procedure’s for what nobody measured', async () => {
    const asked: string[] = [];
    const { admit } = admitting(async (environment) => {
      asked.push(environment);
      return { restore: null, restoreOwnBackup: restore };
    });
    const { expected } = await admit(recovery);
    expect(expected).toEqual({ ...policy.expected, restoreOwnBackup: restore });
    expect(asked).toEqual(['production']);
    expect(basisOf(expected.restore)).toBe('by the policy');
    expect(basisOf(restore)).toBe('measured: median 40 s of the last 3 restore tests, worst 1 min 05 s');
  });

  it('are not read for an operation, which has no plan', async () => {
    const { admit } = admitting(async () => expect.unreachable('it was asked'));
    expect(await admit({ ...recovery, startedBy: null })).toEqual(policy);
  });

  it.each<[string, () => Promise<MeasuredDurations>]>([
    ['fails', () => Promise.reject(new Error('The store is away.'))],
    ['does not answer', () => new Promise(() => undefined)],
  ])('are the procedure’s where the store %s: it holds no recovery back', async (_, read) => {
    expect(await admitting(read).admit(recovery)).toEqual(policy);
  });
});
