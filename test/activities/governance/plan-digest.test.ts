import { defaultActivityInfo, MockActivityEnvironment } from '@temporalio/testing';
import { describe, expect, test } from 'vitest';
import { createGovernanceActivities } from '../../../activities/governance/index.ts';
import type { DecisionRecord } from '../../../workflows/contracts/decisions.ts';
import type { DestructivePlan } from '../../../workflows/contracts/evidence.ts';
import { sandboxPolicy } from '../../sandbox/policy.ts';
import { inActivity } from '../in-activity.ts';

const { admit, approvalHolds, digestPlan } = createGovernanceActivities({
  policy: sandboxPolicy,
  environment: 'production',
});

const plan: DestructivePlan = {
  revision: 1,
  environment: 'production',
  scenario: 'data-loss',
  step: 'restore-database',
  project: { provider: 'supabase', ref: 'abc', name: 'VendHub', region: 'eu' },
  arguments: { targetUnix: '1767225600', target: '2026-01-01 00:00:00 UTC' },
  safetyCopySha256: 'a'.repeat(64),
  maximumLoss: [
    { table: 'public.sales', rows: 12 },
    { table: 'public.users', rows: null },
  ],
};

describe('the digest of a plan', () => {
  test('is a SHA-256 in lower-case hex that does not depend on the order of keys, at any depth', async () => {
    const { project, arguments: given, maximumLoss, ...rest } = plan;
    const turned: DestructivePlan = {
      maximumLoss: maximumLoss.map(({ table, rows }) => ({ rows, table })),
      arguments: Object.fromEntries(Object.entries(given).reverse()),
      project: project && {
        region: project.region,
        name: project.name,
        ref: project.ref,
        provider: project.provider,
      },
      ...rest,
    };
    expect(Object.keys(turned)).not.toEqual(Object.keys(plan));
    expect(await digestPlan(turned)).toBe(await digestPlan(plan));
    expect(await digestPlan(plan)).toMatch(/^[0-9a-f]{64}$/);
  });

  test('changes with anything that is in it', async () => {
    const { project } = plan;
    const changes: Partial<DestructivePlan>[] = [
      {},
      { revision: 2 },
      { environment: 'staging' },
      { scenario: 'database-corruption' },
      { step: 'tell-users' },
      { project: null },
      { project: project && { ...project, ref: 'abd' } },
      { arguments: { ...plan.arguments, targetUnix: '1767225601' } },
      { arguments: { ...plan.arguments, more: '' } },
      { safetyCopySha256: null },
      { safetyCopySha256: 'b'.repeat(64) },
      { maximumLoss: [] },
      { maximumLoss: [...plan.maximumLoss].reverse() },
      { maximumLoss: plan.maximumLoss.map(({ table }) => ({ table, rows: 12 })) },
      { maximumLoss: plan.maximumLoss.map(({ table }) => ({ table, rows: 0 })) },
    ];
    const digests = await Promise.all(changes.map((change) => digestPlan({ ...plan, ...change })));
    expect(new Set(digests).size).toBe(changes.length);
  });
});

describe('an approval holds', () => {
  const approval: DecisionRecord = {
    id: '1',
    kind: 'approve',
    decision: 'd',
    step: 's',
    by: 'admin',
    at: '2026-01-01T00:00:00Z',
    accepted: true,
    verdict: 'Accepted.',
    reason: null,
    breakGlass: null,
    target: null,
    runId: 'run-1',
  };
  const heldIn = (runId: string) =>
    inActivity(
      new MockActivityEnvironment({ ...defaultActivityInfo, workflowExecution: { workflowId: 'w', runId } }),
      () => approvalHolds({ approval }),
    );

  test('in the run that it was given to, and in no run after a reset', async () => {
    expect(await heldIn('run-1')).toEqual({ holds: true, reasons: [] });
    expect(await heldIn('run-2')).toEqual({
      holds: false,
      reasons: ['The approval by admin was given to run run-1; this is run run-2, after a reset.'],
    });
  });
});

describe('a run is let in', () => {
  test('with the policy that the worker was started with', async () => {
    expect(await admit({ environment: 'production', startedBy: 'oncall' })).toEqual(sandboxPolicy);
    expect(await admit({ environment: 'production', startedBy: null })).toEqual(sandboxPolicy);
  });

  test('only for the environment that the worker reaches, and only when the policy knows who started it', async () => {
    await expect(admit({ environment: 'prodution', startedBy: 'oncall' })).rejects.toMatchObject({
      type: 'input-invalid',
      message: expect.stringContaining('reaches the environment "production"'),
    });
    await expect(admit({ environment: 'production', startedBy: 'mike' })).rejects.toMatchObject({
      type: 'input-invalid',
      message: expect.stringContaining('mike is not in the policy'),
    });
  });
});
