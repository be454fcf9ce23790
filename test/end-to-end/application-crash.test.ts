import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RecoveryReport } from '../../workflows/contracts/report.ts';
import { killForGood } from '../sandbox/drills/faults.ts';
import { damagePages } from '../sandbox/postgres/damage-pages.ts';
import { startTraffic, type Traffic } from '../sandbox/vendhub/index.ts';
import { eventually } from './condition.ts';
import {
  crashPolicy,
  down,
  forgetImages,
  givenUp,
  healthStatus,
  served,
  setApplicationPassword,
} from './crash.ts';
import { startProduction, type TestProduction } from './production.ts';
import { Recovery } from './recovery.ts';
import { takeBackup } from './run-operation.ts';
import { historyTexts, leaks, secretsOf } from './secrets.ts';
import { asSuperuser, customersServed, salesOf } from './truth.ts';

let production: TestProduction;
let traffic: Traffic;
/** What customers hold a receipt of, and what the database held, before anything broke. */
let before: ReadonlyMap<string, string>;

beforeAll(async () => {
  production = await startProduction({ policy: crashPolicy });
});
beforeEach(async () => {
  const { sandbox } = production;
  traffic = startTraffic({ applicationUrl: sandbox.railway.applicationUrl, perSecond: 20 });
  await customersServed(traffic, sandbox);
  before = new Map((await salesOf(sandbox)).map(({ receipt, content }) => [receipt, content]));
});
afterEach(async () => {
  await traffic.stop();
  await production.endRun();
});
afterAll(() => production.stop());

const service = () => production.sandbox.railway.service;

function startRecovery(incidentAt: string, deploymentId?: string): Promise<Recovery> {
  const named = deploymentId === undefined ? {} : { deploymentId };
  return Recovery.launch(
    production.sandbox,
    {
      environment: 'sandbox',
      startedBy: 'oncall',
      reason: 'the API does not answer',
      incidentAt,
      target: null,
      ...named,
    },
    'application-crash',
  );
}

/** The criteria of the procedure: within RTO, all data there, and the application sells again. */
async function expectRecovered(report: RecoveryReport): Promise<void> {
  expect(report).toMatchObject({
    outcome: 'recovered',
    rto: { met: true },
    rpo: { measuredMs: 0, met: true },
  });
  expect(await healthStatus(production.sandbox)).toBe(200);
  await customersServed(traffic, production.sandbox);
  const { sales } = await traffic.stop();
  const after = new Map(
    (await salesOf(production.sandbox)).map(({ receipt, content }) => [receipt, content]),
  );
  expect([...before].filter(([receipt, content]) => after.get(receipt) !== content)).toEqual([]);
  expect(sales.filter(({ receipt }) => !after.has(receipt))).toEqual([]);
}

const stepOf = ({ status }: RecoveryReport, id: string) => status.steps.find((step) => step.id === id);

/** Confirms that the failing commit was reverted; gives the commands that were shown. */
async function confirmRevert(recovery: Recovery): Promise<string> {
  const open = await recovery.asked('manual-step', 'revert-commit');
  await recovery.accepted('confirm', { decision: open.id, reason: 'pushed' });
  return open.facts.map(({ value }) => value).join('\n');
}

describe('a crash of the application under live traffic', () => {
  it('is healed by a restart that nobody approves, when the process was killed', async () => {
    const incidentAt = new Date().toISOString();
    const deploymentsBefore = service().deployments().length;
    await killForGood({ service: service() });
    const recovery = await startRecovery(incidentAt);
    const report = await recovery.result();
    await expectRecovered(report);
    expect(stepOf(report, 'name-cause')?.summary).toMatch(/^unknown: .*Process ended|Restart limit/);
    expect(stepOf(report, 'restart-application')?.summary).toBe('healthy since restart 1');
    expect(stepOf(report, 'roll-back-by-policy')?.state).toBe('not-needed');
    expect(service().deployments()).toHaveLength(deploymentsBefore);
    expect(report.status.decisions).toEqual([]);
  });

  it('goes back by itself from a bad deployment, and sets the variables of now again', async () => {
    service().setVariable('GREETING', 'of this week', true);
    const incidentAt = new Date().toISOString();
    const good = service().active();
    const bad = service().pushVersion('v3-throws-on-start');
    await down(production.sandbox);
    await givenUp(production.sandbox);
    const recovery = await startRecovery(incidentAt);
    const commands = await confirmRevert(recovery);
    const report = await recovery.result();
    await expectRecovered(report);
    expect(stepOf(report, 'name-cause')?.summary).toMatch(/^bad-deployment: .*TypeError/s);
    expect(stepOf(report, 'restart-application')?.state).toBe('not-needed');
    expect(stepOf(report, 'choose-good-deployment')?.summary).toContain(String(good?.id));
    expect(stepOf(report, 'set-variables-again')?.summary).toContain('set again: GREETING');
    expect(service().active()).toMatchObject({ version: 'v2', variables: { GREETING: 'of this week' } });
    expect(production.sandbox.railway.calls.all('deploymentRollback').filter(({ ran }) => ran)).toHaveLength(
      1,
    );
    expect(commands).toContain(`git revert --no-edit ${good?.commit.hash}..${bad?.commit.hash}`);
    expect(commands).toContain('git push origin main');

    const secrets = new Map([...secretsOf(production.sandbox), ['a variable', 'of this week']]);
    expect(leaks(historyTexts(await recovery.handle.fetchHistory()).join('\n'), secrets)).toEqual([]);
    expect(leaks(await production.workerLog(), secrets)).toEqual([]);
    expect(leaks(JSON.stringify(production.sandbox.smtp.messages()), secrets)).toEqual([]);
  });

  it('names the variable that is missing, and brings it back with the deployment that had it', async () => {
    const url = service().variables['DATABASE_URL'];
    const incidentAt = new Date().toISOString();
    service().removeVariable('DATABASE_URL');
    await givenUp(production.sandbox);
    const report = await (await startRecovery(incidentAt)).result();
    await expectRecovered(report);
    expect(stepOf(report, 'name-cause')?.summary).toMatch(
      /^missing-variable: The variable DATABASE_URL is missing/,
    );
    expect(stepOf(report, 'set-variables-again')?.summary).toContain(
      'left as the rollback brought them: DATABASE_URL',
    );
    expect(service().variables['DATABASE_URL']).toBe(url);
  });

  it('is persistent when it runs out of memory again and again, and goes back', async () => {
    const incidentAt = new Date().toISOString();
    service().pushVersion('v4-exhausts-memory-after-5-requests');
    await down(production.sandbox);
    await givenUp(production.sandbox);
    const recovery = await startRecovery(incidentAt);
    await recovery.asked('manual-step', 'revert-commit');
    expect((await recovery.status()).healthySince).toMatch(/Z$/);
    await recovery.accepted('abort', { reason: 'the fix is on its way' });
    const report = await recovery.result();
    await expectRecovered(report);
    expect(stepOf(report, 'name-cause')?.summary).toMatch(/^out-of-memory: .*heap out of memory/s);
    expect(stepOf(report, 'restart-application')?.summary).toMatch(/^persistent: 2 failures/);
    expect(stepOf(report, 'name-cause-again')?.summary).toMatch(/^out-of-memory/);
    expect(service().active()?.version).toBe('v2');
  });

  it('asks a person while the database cannot be reached, restarts nothing, and goes on when it answers again', async () => {
    const { postgres, railway } = production.sandbox;
    const restarts = () => railway.calls.all('deploymentRestart').length;
    const restartsBefore = restarts();
    const incidentAt = new Date().toISOString();
    await takeBackup(production.sandbox);
    await postgres.stop('immediate');
    let stopped = true;
    try {
      await down(production.sandbox);
      const recovery = await startRecovery(incidentAt);
      const failed = await recovery.asked('failed-step', 'name-cause');
      expect(failed.answers).toEqual(['retry', 'skip', 'go-over', 'abort']);
      const facts = failed.facts.map(({ label, value }) => `${label}: ${value}`).join('\n');
      expect(facts).toMatch(/^What happened: database: .*cannot be reached.* Its platform answers \w+/m);
      expect(facts).toMatch(/^What it means: Restarting or rolling back the application does not help/m);
      expect(facts).toMatch(
        /^EXTRA LOSS: of going over into complete failure: .*own backup recent\/.* to now/m,
      );
      expect(restarts()).toBe(restartsBefore);
      await postgres.start();
      stopped = false;
      await recovery.accepted('retry', { decision: failed.id });
      await expectRecovered(await recovery.result());
    } finally {
      if (stopped) await postgres.start();
    }
  });

  it('asks for the login where the database refuses it, restarts nothing before, and deploys the one that is set', async () => {
    const { sandbox } = production;
    const changes = (operation: string) =>
      sandbox.railway.calls.all(operation).filter(({ ran }) => ran).length;
    const [restarts, rollbacks] = [changes('deploymentRestart'), changes('deploymentRollback')];
    const deploymentsBefore = service().deployments().length;
    const incidentAt = new Date().toISOString();
    await setApplicationPassword(sandbox, 'somebody changed it');
    await down(sandbox);

    const recovery = await startRecovery(incidentAt);
    const open = await recovery.asked('manual-step', 'mend-database-login');
    const facts = open.facts.map(({ label, value }) => `${label}: ${value}`).join('\n');
    expect(facts).toMatch(/^Found: The database refuses the login of the application\./m);
    expect(facts).toMatch(/^Log: .*password authentication failed/m);
    expect(facts).toMatch(/^What to do: Set DATABASE_URL at the platform/m);
    expect([changes('deploymentRestart'), service().deployments().length]).toEqual([
      restarts,
      deploymentsBefore,
    ]);
    const url = new URL(service().variables['DATABASE_URL'] ?? '');
    url.password = encodeURIComponent('somebody changed it');
    service().setVariable('DATABASE_URL', url.href, true);
    await recovery.accepted('confirm', { decision: open.id, reason: 'the variable is set' });

    const report = await recovery.result();
    await expectRecovered(report);
    expect(stepOf(report, 'name-cause')?.summary).toMatch(/^database: The database refuses the login/);
    expect(stepOf(report, 'roll-back-by-policy')?.state).toBe('not-needed');
    expect(changes('deploymentRollback')).toBe(rollbacks);
    expect(service().active()?.variables['DATABASE_URL']).toBe(url.href);
    const texts = historyTexts(await recovery.handle.fetchHistory()).join('\n');
    expect(leaks(texts, new Map([['the password', 'somebody%20changed%20it']]))).toEqual([]);
  });

  it('goes over into database corruption when the database cannot read what it stored, and is recovered there', async () => {
    const { sandbox } = production;
    const { postgres, railway, supabase, temporal } = sandbox;
    const restarts = () => railway.calls.all('deploymentRestart').length;
    const restartsBefore = restarts();
    await takeBackup(sandbox);
    await customersServed(traffic, sandbox);
    await traffic.stop();
    await asSuperuser(sandbox, (client) => client.query('VACUUM'));
    const sold = await salesOf(sandbox);
    const incidentAt = new Date().toISOString();
    await damagePages(postgres, sandbox.superuserUrl, 'public.products', [{ page: 0, with: 'garbage' }]);
    await down(production.sandbox);

    const crash = await startRecovery(incidentAt);
    const { runId } = await eventually('the run goes over', async () => {
      const description = await temporal.environment.client.workflow.getHandle(crash.workflowId).describe();
      return description.type === 'databaseCorruption' ? description : undefined;
    });
    const recovery = crash.inRun(runId);
    const gate = await recovery.asked('approval', 'restore-database');
    const facts = gate.facts.map(({ label, value }) => `${label}: ${value}`).join('\n');
    expect(facts).toMatch(/^Damage in public\.products: /m);
    expect(facts).toMatch(/Recovery point: Chosen: .*own backup recent\//);
    const status = await recovery.status();
    expect(status).toMatchObject({ scenario: 'database-corruption', incidentAt });
    expect(status.warnings.join('\n')).toMatch(
      /application-crash\) handed over: The application fails because of its database. database: The database cannot read what it stored\. .*invalid page/,
    );
    expect(restarts()).toBe(restartsBefore);

    await recovery.accepted('approve', recovery.approvalOf(gate));
    const report = await recovery.finishAfterRestore();
    expect(report).toMatchObject({ outcome: 'recovered', rto: { met: true }, status: { measures: [] } });
    expect(await healthStatus(production.sandbox)).toBe(200);
    const target = new Date((report.restoredToUnix ?? 0) * 1000).toISOString().replace('Z', '000Z');
    const after = new Map((await salesOf(sandbox)).map(({ receipt, content }) => [receipt, content]));
    const kept = sold.filter(({ committedAt }) => committedAt <= target);
    expect(kept.length).toBeGreaterThan(0);
    expect(kept.filter(({ receipt, content }) => after.get(receipt) !== content)).toEqual([]);
    expect(supabase.calls.all('restore-pitr')).toHaveLength(1);
  });

  it('takes the deployment that on-call named, whatever the log says', async () => {
    const incidentAt = new Date().toISOString();
    const named = service()
      .deployments()
      .find(({ version, canRollback }) => version === 'v1' && canRollback);
    const report = await (await startRecovery(incidentAt, String(named?.id))).result();
    await expectRecovered(report);
    expect(service().active()?.version).toBe('v1');
    expect(stepOf(report, 'restart-application')?.state).toBe('not-needed');
  });

  it('waits for the approval of exactly this rollback where the policy wants one', async () => {
    await production.startWorker({
      ...crashPolicy,
      crash: { ...crashPolicy.crash, rollbackWithoutApproval: false },
    });
    await production.retireWorkers();
    const incidentAt = new Date().toISOString();
    const rollbacks = () => production.sandbox.railway.calls.all('deploymentRollback').length;
    const rollbacksBefore = rollbacks();
    const good = service().active();
    const bad = service().pushVersion('v5-crash-on-start');
    await down(production.sandbox);
    await givenUp(production.sandbox);
    const recovery = await startRecovery(incidentAt);
    const gate = await recovery.asked('approval', 'roll-back');
    const facts = gate.facts.map(({ label, value }) => `${label}: ${value}`).join('\n');
    expect(facts).toContain(`Fails: deployment ${bad?.id}`);
    expect(facts).toContain(`Goes back to: deployment ${good?.id}`);
    expect(facts).toMatch(/Log: .*cannot read the price list/);
    expect(rollbacks()).toBe(rollbacksBefore);
    await recovery.accepted('approve', recovery.approvalOf(gate));
    await confirmRevert(recovery);
    const report = await recovery.result();
    await expectRecovered(report);
    expect(rollbacks()).toBe(rollbacksBefore + 1);
    expect(service().active()?.version).toBe(good?.version);
  });

  it('gives the exact commands of git where nothing can be rolled back to, and watches what the push deploys', async () => {
    const { sandbox } = production;
    const incidentAt = new Date().toISOString();
    const good = service().active();
    const bad = service().pushVersion('v6-throws-on-start');
    await down(sandbox);
    await givenUp(sandbox);
    forgetImages(sandbox);
    const changesBefore = sandbox.railway.calls.writes().length;

    const recovery = await startRecovery(incidentAt);
    const open = await recovery.asked('manual-step', 'go-back-by-git');
    const facts = open.facts.map(({ label, value }) => `${label}: ${value}`).join('\n');
    expect(facts).toContain('Why: there is no deployment that the platform could roll back to');
    expect(facts).toContain(`Failing commit: ${bad?.commit.hash} "Release v6-throws-on-start"`);
    expect(facts).toContain('1: git fetch origin && git switch main && git pull --ff-only');
    expect(facts).toContain(`2: git revert --no-edit ${bad?.commit.hash}`);
    expect(facts).toContain('3: git push origin main');
    expect(sandbox.railway.calls.writes()).toHaveLength(changesBefore);
    service().pushVersion(good?.version ?? '');
    await served(sandbox);
    await recovery.accepted('confirm', { decision: open.id, reason: 'reverted and pushed' });

    const report = await recovery.result();
    await expectRecovered(report);
    const none = stepOf(report, 'choose-good-deployment')?.summary ?? '';
    expect(none).toMatch(/^there is none; passed over /);
    expect(none).toContain(`${good?.id}: the platform cannot roll back to it`);
    expect(['keep-variables', 'roll-back', 'revert-commit'].map((id) => stepOf(report, id)?.state)).toEqual([
      'not-needed',
      'not-needed',
      'not-needed',
    ]);
    expect(sandbox.railway.calls.writes()).toHaveLength(changesBefore);
  });
});
