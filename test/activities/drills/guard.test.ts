import { describe, expect, it } from 'vitest';
import { refusalOfDrills, requireDrillGround } from '../../../activities/drills/guard.ts';
import { policy } from '../../../worker/policy.ts';
import type { ProjectIdentity } from '../../../workflows/contracts/recovery-point.ts';
import { failureOf } from '../failure-of.ts';

const ours = 'stagingstagingstagin';
const productions = 'productionproduction';

const ground = { environment: 'staging', projectRef: ours, drillProjectRef: ours, policy };

const providerSays = (ref: string) => ({
  identity: async (): Promise<ProjectIdentity> => ({
    provider: 'supabase',
    ref,
    name: 'vendhub',
    region: 'eu-central-1',
  }),
});

describe('the guards of a drill', () => {
  it('let a drill in where the project is named as one that may be broken, and the provider says the same', async () => {
    expect(refusalOfDrills(ground)).toBeNull();
    await requireDrillGround({ ...ground, platform: providerSays(ours) }, 'staging');
  });

  it.each([
    ['an environment that the policy protects', { environment: 'production' }, 'protected by the policy'],
    ['one that is written in other letters', { environment: 'Production' }, 'protected by the policy'],
    ['a worker that was told of no project', { drillProjectRef: undefined }, 'DRILL_PROJECT_REF is not set'],
    ['production’s credentials', { projectRef: productions }, `credentials of the project ${productions}`],
  ])('refuse %s', (_what, change, why) => {
    expect(refusalOfDrills({ ...ground, ...change })).toContain(why);
  });

  it('refuse credentials of which the provider says that they are of another project', async () => {
    const { type, message } = await failureOf(
      requireDrillGround({ ...ground, platform: providerSays(productions) }, 'staging'),
    );
    expect(type).toBe('input-invalid');
    expect(message).toContain(productions);
  });

  it('refuse a drill that was started for another environment', async () => {
    const { type } = await failureOf(
      requireDrillGround({ ...ground, platform: providerSays(ours) }, 'elsewhere'),
    );
    expect(type).toBe('input-invalid');
  });
});
