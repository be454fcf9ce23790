import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RunnableScenario } from '../../workflows/contracts/names.ts';
import { type Terminal, terminal } from '../client/peer/terminal.ts';
import { damagePages } from '../sandbox/postgres/damage-pages.ts';
import { startTraffic } from '../sandbox/vendhub/index.ts';
import { standing } from './found.ts';
import { startProduction, type TestProduction } from './production.ts';
import { Recovery } from './recovery.ts';
import { takeBackup } from './run-operation.ts';
import { asSuperuser, customersServed } from './truth.ts';

let production: TestProduction;
let oncall: Terminal;

beforeAll(async () => {
  production = await startProduction();
  const { temporal, environment, railway } = production.sandbox;
  oncall = terminal(temporal.environment, { ...environment, DR_USER: 'oncall' });
  const traffic = startTraffic({ applicationUrl: railway.applicationUrl, perSecond: 20 });
  await customersServed(traffic, production.sandbox);
  await takeBackup(production.sandbox);
  await traffic.stop();
});
afterEach(() => production.endRun());
afterAll(() => production?.stop());

const flat = (text: string) => text.replace(/\s+/g, ' ');
const repair = (...options: string[]) =>
  oncall.dr('repair', '--reason', 'the run was terminated by mistake', ...options);

/** A run of a scenario that is terminated while it waits at the gate of its restore, or after it. */
async function terminated(scenario: RunnableScenario, when: 'at the gate' | 'after the restore') {
  const { sandbox } = production;
  const recovery = await Recovery.launch(
    sandbox,
    {
      environment: 'sandbox',
      startedBy: 'oncall',
      reason: 'something is wrong',
      incidentAt: new Date().toISOString(),
      target: null,
    },
    scenario,
  );
  await recovery.asked('approval', 'restore-database');
  if (when === 'after the restore') {
    await recovery.approve();
    await recovery.asked('manual-step', 'confirm-restored-data');
  }
  await recovery.handle.terminate('by mistake');
  return recovery;
}

async function noticed(scenario: string): Promise<void> {
  const status = await oncall.dr('status');
  expect(status.out + status.err).toContain('dr repair');
  const start = await oncall.dr('start', scenario, '--reason', 'again');
  expect(start.code).toBe(2);
  expect(start.err).toContain('application stopped');
}

describe('what a terminated run left half-stopped', () => {
  it('is noticed after database corruption, and put back as it was found', async () => {
    const { sandbox } = production;
    await asSuperuser(sandbox, (client) => client.query('VACUUM'));
    await damagePages(sandbox.postgres, sandbox.superuserUrl, 'public.sales', [{ page: 0, with: 'garbage' }]);
    const found = await standing(sandbox);
    await terminated('database-corruption', 'at the gate');
    expect(await standing(sandbox)).toMatchObject({ health: 502, autoDeploy: false });
    await noticed('database-corruption');

    expect(await repair()).toMatchObject({ code: 0, err: '' });
    await oncall.dr('watch');
    expect(await standing(sandbox)).toEqual(found);
    expect((await oncall.dr('status')).out).not.toContain('dr repair');
  });

  it('stays fenced after a rewind of a corrupt database until a person says that they looked', async () => {
    const { sandbox } = production;
    const found = await standing(sandbox);
    await terminated('database-corruption', 'after the restore');
    await noticed('database-corruption');
    const refused = await repair();
    expect(refused.code).toBe(2);
    expect(flat(refused.err)).toContain('lets users write to data that nobody verified');
    expect(flat(refused.err)).toContain('dr start database-corruption --ignore-left-measures');

    expect(await repair('--accept-unverified-data')).toMatchObject({ code: 0, err: '' });
    await oncall.dr('watch');
    expect(await standing(sandbox)).toMatchObject({
      health: 200,
      autoDeploy: true,
      allowedCidrs: found.allowedCidrs,
    });
  });

  it('stays isolated after a breach until a person knows what opening it means', async () => {
    const { sandbox } = production;
    await takeBackup(sandbox);
    const found = await standing(sandbox);
    await terminated('security-breach', 'at the gate');
    await noticed('security-breach');
    const refused = await repair();
    expect(refused.code).toBe(2);
    expect(flat(refused.err)).toContain('Production is isolated because of a security breach');
    expect(flat(refused.err)).toContain(
      'Opening it lets the intruder in again: no credential was exchanged, and the security rules were not applied. The database was not rewound: what an intruder altered in it is still there.',
    );
    expect(refused.err.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect(await standing(sandbox)).toMatchObject({ health: 502, allowedCidrs: ['127.0.0.1/32'] });

    expect(await repair('--accept-unverified-data')).toMatchObject({ code: 0, err: '' });
    await oncall.dr('watch');
    expect(await standing(sandbox)).toEqual(found);
  });

  it('is refused after a breach that was rewound with both dangers, the data and the intruder', async () => {
    const { sandbox } = production;
    await terminated('security-breach', 'after the restore');
    const refused = await repair();
    expect(refused.code).toBe(2);
    expect(flat(refused.err)).toMatch(
      /lets users write to data that nobody verified\. Opening it lets the intruder in again: no credential was exchanged/,
    );
    expect(await repair('--accept-unverified-data')).toMatchObject({ code: 0 });
    await oncall.dr('watch');
    expect(await standing(sandbox)).toMatchObject({ health: 200, autoDeploy: true });
  });
});
