import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startProduction, type TestProduction } from './production.ts';
import { Recovery } from './recovery.ts';
import { damage, deviation, exact } from './truth.ts';

let production: TestProduction;

beforeAll(async () => {
  production = await startProduction();
});
afterEach(() => production.endRun());
afterAll(() => production.stop());

const restoreRequests = () => production.sandbox.supabase.calls.all('restore-pitr').length;

async function recoverFromDamage() {
  const { sandbox } = production;
  const incident = await damage(sandbox);
  const recovery = await Recovery.start(sandbox, {
    target: { kind: 'just-before', moment: incident.moment },
  });
  return { incident, recovery };
}

describe('a restore request', () => {
  it('whose answer was lost counts as accepted once the evidence shows it, and is not sent again', async () => {
    const { sandbox } = production;
    const requests = restoreRequests();
    const { incident, recovery } = await recoverFromDamage();
    sandbox.supabase.faults.set('restore-pitr', { kind: 'drop-after' }, 1);
    await recovery.approve();
    const report = await recovery.finishAfterRestore();
    expect(report.outcome).toBe('recovered');
    expect(report.status.decisions.map(({ kind }) => kind)).toEqual(['approve', 'confirm', 'reject']);
    expect(await deviation(sandbox, incident, report.finishedAt)).toEqual(exact);
    expect(restoreRequests()).toBe(requests + 1);
  });

  it('of which nothing proves anything is asked about, and sent again only after a new approval', async () => {
    const { sandbox } = production;
    const requests = restoreRequests();
    const { incident, recovery } = await recoverFromDamage();
    sandbox.supabase.faults.set('restore-pitr', { kind: 'drop-before' }, 1);
    const first = await recovery.approve();
    const unproved = await recovery.asked('restore-unproved', 'restore-database');
    expect(unproved.answers).toEqual(['confirm', 'reject']);
    expect(restoreRequests()).toBe(requests + 1);
    await recovery.accepted('reject', {
      decision: unproved.id,
      reason: 'support says that it never arrived',
    });
    const failed = await recovery.asked('failed-step', 'restore-database');
    await recovery.accepted('retry', { decision: failed.id });
    const second = await recovery.asked('approval', 'restore-database');
    expect(second.id).not.toBe(first.id);
    expect(restoreRequests()).toBe(requests + 1);
    await recovery.accepted('approve', recovery.approvalOf(second));
    expect(await recovery.finishAfterRestore()).toMatchObject({ outcome: 'recovered' });
    expect(await deviation(sandbox, incident, new Date().toISOString())).toEqual(exact);
    expect(restoreRequests()).toBe(requests + 2);
  });

  it('that the provider took and does not carry out yet is waited for when a person saw it accepted', async () => {
    const { sandbox } = production;
    const requests = restoreRequests();
    const { incident, recovery } = await recoverFromDamage();
    sandbox.supabase.faults.switchOn('restore-waits');
    await recovery.approve();
    const unproved = await recovery.asked('restore-unproved', 'restore-database');
    await recovery.accepted('confirm', {
      decision: unproved.id,
      reason: 'the dashboard says that it is queued',
    });
    sandbox.supabase.faults.switchOff('restore-waits');
    expect(await recovery.finishAfterRestore()).toMatchObject({ outcome: 'recovered' });
    expect(await deviation(sandbox, incident, new Date().toISOString())).toEqual(exact);
    expect(restoreRequests()).toBe(requests + 1);
  });
});
