import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { RunnableScenario } from '../../workflows/contracts/names.ts';
import { type Terminal, terminal } from '../client/peer/terminal.ts';
import { damagePages } from '../sandbox/postgres/damage-pages.ts';
import { startTraffic } from '../sandbox/vendhub/index.ts';
import { eventually } from './condition.ts';
import { down } from './crash.ts';
import { startProduction, type TestProduction } from './production.ts';
import { runOperation, takeBackup } from './run-operation.ts';
import { asSuperuser, someTarget, stillDatabase } from './truth.ts';
import { wholeState } from './whole-state.ts';

let production: TestProduction;
let oncall: Terminal;
/** Before anything was damaged; restorable. */
let target: string;

beforeAll(async () => {
  production = await startProduction();
  const { sandbox } = production;
  oncall = terminal(sandbox.temporal.environment, { ...sandbox.environment, DR_USER: 'oncall' });
  const traffic = startTraffic({ applicationUrl: sandbox.railway.applicationUrl, perSecond: 20 });
  await eventually('a few sales', () => traffic.totals().acknowledged > 20 || undefined);
  await traffic.stop();
  await stillDatabase(sandbox);
  await takeBackup(sandbox);
  await runOperation(sandbox, 'backUpConfiguration');
  ({ moment: target } = await someTarget(sandbox));
});
afterAll(() => production?.stop());

const planned = z.object({
  steps: z.array(z.object({ id: z.string(), finding: z.string().nullable() })),
});

/** Plans as on-call does; gives what was printed, the checks that were made, and what is different since. */
async function plan(scenario: RunnableScenario, ...options: readonly string[]) {
  const { sandbox } = production;
  const before = await wholeState(sandbox);
  const askedBefore = sandbox.supabase.calls.all().length + sandbox.railway.calls.all().length;
  const printed = await oncall.dr('plan', scenario, '--json', '--reason', 'to see', ...options);
  expect(await wholeState(sandbox)).toEqual(before);
  expect(before.changesAtPlatforms).toEqual([]);
  return {
    ...printed,
    asked: sandbox.supabase.calls.all().length + sandbox.railway.calls.all().length - askedBefore,
    checks:
      printed.code === 0
        ? planned
            .parse(JSON.parse(printed.out))
            .steps.filter(({ finding }) => finding !== null)
            .map(({ id }) => id)
        : [],
  };
}

async function startedTypes(): Promise<string[]> {
  const types = new Set<string>();
  for await (const { type } of production.sandbox.temporal.environment.client.workflow.list())
    types.add(type);
  return [...types].sort();
}

describe('a plan writes nothing anywhere', () => {
  it.each([
    ['data-loss', ['find-recovery-point', 'estimate-loss']],
    ['security-breach', ['check-backup-status', 'choose-recovery-point']],
  ] as const)('of %s, for a moment that was named', async (scenario, checks) => {
    const found = await plan(scenario, '--at', target);
    expect(found).toMatchObject({ code: 0, err: '', checks });
    expect(found.asked).toBeGreaterThan(0);
  });

  it('of an application crash, while the application works', async () => {
    expect(await plan('application-crash')).toMatchObject({
      code: 0,
      checks: ['find-application', 'confirm-outage'],
    });
  });

  it('of a corruption that is not there', async () => {
    const found = await plan('database-corruption');
    expect(found.code).toBe(1);
    expect(found.out).toContain('a restore would discard good data');
  });

  it('of complete failure, from a backup that was named and read whole, or refused while production works', async () => {
    const { out } = await oncall.dr('backup', 'list', '--json');
    const name = /recent\/backup-[^"]*\.json\.gz\.enc|recent\/backup-[^"]+/.exec(out)?.[0] ?? '';
    expect(await plan('complete-failure', '--backup', name)).toMatchObject({
      code: 0,
      checks: ['assess-providers', 'choose-standby-source'],
    });
    const refused = await plan('complete-failure');
    expect(refused.code).toBe(1);
    expect(refused.out).toContain('This is no complete failure');
  });

  it('of a corruption that is there, and of the crash that it makes', async () => {
    const { sandbox } = production;
    await asSuperuser(sandbox, (client) => client.query('VACUUM'));
    await damagePages(sandbox.postgres, sandbox.superuserUrl, 'public.products', [
      { page: 0, with: 'garbage' },
    ]);
    await down(sandbox);
    expect(await plan('database-corruption')).toMatchObject({
      code: 0,
      checks: ['check-backup-status', 'prove-corruption', 'bound-corruption', 'choose-recovery-point'],
    });
    expect(await plan('application-crash')).toMatchObject({
      code: 0,
      checks: ['find-application', 'confirm-outage', 'name-cause'],
    });
  });

  it('of complete failure, once no provider answers', async () => {
    const { sandbox } = production;
    await Promise.all([sandbox.railway.stop(), sandbox.supabase.stop()]);
    expect(await plan('complete-failure')).toMatchObject({
      code: 0,
      checks: ['assess-providers', 'choose-standby-source'],
    });
    expect(await startedTypes()).toEqual(['backUpConfiguration', 'backup', 'listBackups', 'plan']);
  });
});
