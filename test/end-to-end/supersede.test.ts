import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Terminal, terminal } from '../client/peer/terminal.ts';
import { startTraffic } from '../sandbox/vendhub/index.ts';
import { eventually } from './condition.ts';
import { quickPolicy, startProduction, type TestProduction } from './production.ts';
import { Recovery } from './recovery.ts';
import { takeBackup } from './run-operation.ts';
import { customersServed, someTarget } from './truth.ts';

let production: TestProduction;
let oncall: Terminal;

beforeAll(async () => {
  production = await startProduction({
    policy: { ...quickPolicy, crash: { rollbackWithoutApproval: false } },
  });
  const { temporal, environment, railway } = production.sandbox;
  oncall = terminal(temporal.environment, { ...environment, DR_USER: 'oncall' });
  const traffic = startTraffic({ applicationUrl: railway.applicationUrl, perSecond: 20 });
  await customersServed(traffic, production.sandbox);
  await takeBackup(production.sandbox);
  await traffic.stop();
});
afterEach(() => production.endRun());
afterAll(() => production?.stop());

const reason = ['--reason', 'somebody logged in who must not'];

async function runNow() {
  const { workflow } = production.sandbox.temporal.environment.client;
  return workflow.getHandle('recovery-sandbox').describe();
}

/** Gives the command while a recovery waits, and gives the breach's run once it is isolated. */
async function superseding(waiting: Recovery): Promise<Recovery> {
  const { sandbox } = production;
  const start = await oncall.dr(
    'start',
    'security-breach',
    '--supersede',
    '--incident-at',
    new Date().toISOString(),
    ...reason,
  );
  expect(start).toMatchObject({ code: 0 });
  expect(start.err.replace(/\s+/g, ' ')).toContain(
    `Superseding run ${waiting.runId}: it goes to its safe state first.`,
  );
  const lines = `${start.out}\n${start.err}`.split('\n');
  // An address is not broken over lines, so that it can be clicked.
  expect(lines.filter((line) => line.length > 80 && !line.includes('://'))).toEqual([]);
  const description = await runNow();
  expect(description.type).toBe('securityBreach');
  const breach = new Recovery(sandbox, description.runId);
  await breach.asked('approval', 'restore-database');
  const report = await waiting.result();
  expect(report.headline).toContain('superseded by security-breach: somebody logged in who must not');
  return breach;
}

describe('a security breach while another recovery holds the environment', () => {
  it('ends a crash recovery that waits for an approval, and isolates production', async () => {
    const { sandbox } = production;
    const good = sandbox.railway.service.active();
    sandbox.railway.service.pushVersion('v5-crash-on-start');
    await eventually(
      'the platform gives it up',
      () => sandbox.railway.service.deployments()[0]?.status === 'CRASHED' || undefined,
    );
    const crash = await Recovery.launch(
      sandbox,
      {
        environment: 'sandbox',
        startedBy: 'oncall',
        reason: 'the API does not answer',
        incidentAt: null,
        target: null,
      },
      'application-crash',
    );
    await crash.asked('approval', 'roll-back');

    const refused = await oncall.dr('start', 'security-breach', ...reason);
    expect(refused.code).toBe(2);
    expect(refused.err).toContain('A recovery of sandbox is under way');
    expect(refused.err.replace(/\s+/g, ' ')).toContain('A security breach may end it first: --supersede');
    expect((await runNow()).runId).toBe(crash.runId);

    await superseding(crash);
    expect(sandbox.postgres.networkRestrictions()).toEqual(['127.0.0.1/32']);
    expect(sandbox.railway.service.active()?.status).not.toBe('SUCCESS');
    expect(sandbox.railway.calls.all('deploymentRollback')).toEqual([]);

    await production.endRun();
    const repair = await oncall.dr('repair', '--accept-unverified-data', '--reason', 'the test goes on');
    expect(repair.code).toBe(0);
    await oncall.dr('watch');
    sandbox.railway.service.redeploy(good?.id ?? '', true);
    await sandbox.railway.service.settled();
  });

  it('ends a data-loss recovery at its gate, takes over nothing that was undone, and destroys nothing by itself', async () => {
    const { sandbox } = production;
    const loss = await Recovery.start(sandbox, { target: await someTarget(sandbox) });
    await loss.asked('approval', 'restore-database');
    const breach = await superseding(loss);
    expect(await loss.result()).toMatchObject({ outcome: 'undone', status: { measures: [] } });
    const { measures, scenario } = await breach.status();
    expect(scenario).toBe('security-breach');
    expect(measures.map(({ step }) => step)).toEqual([
      'fence-database',
      'pause-deployments',
      'stop-application',
    ]);
    expect(sandbox.supabase.calls.all('restore-pitr')).toEqual([]);
  });

  it('is the only scenario that may', async () => {
    for (const scenario of ['data-loss', 'application-crash', 'database-corruption', 'complete-failure']) {
      const target = scenario === 'data-loss' ? ['--at', new Date(Date.now() - 1_000).toISOString()] : [];
      const refused = await oncall.dr('start', scenario, '--supersede', ...target, ...reason);
      expect(refused.code).toBe(2);
      expect(refused.err).toContain('--supersede: only a security breach may end another');
      expect(refused.err.split('\n').filter((line) => line.length > 80)).toEqual([]);
    }
  });
});
