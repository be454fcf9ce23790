import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startTraffic } from '../sandbox/vendhub/index.ts';
import { eventually } from './condition.ts';
import { standing } from './found.ts';
import { type NetworkRoad, openRoad } from './network-road.ts';
import { quickPolicy, startProduction, type TestProduction } from './production.ts';
import { Recovery } from './recovery.ts';
import { asSuperuser, customersServed, damage, deviation, exact, someTarget } from './truth.ts';

let production: TestProduction;
let roadToStore: NetworkRoad;

beforeAll(async () => {
  production = await startProduction({
    policy: { ...quickPolicy, restore: { ...quickPolicy.restore, deadlineMs: 15_000 } },
    workerEnvironment: async ({ s3 }) => {
      roadToStore = await openRoad(new URL(s3.endpoint));
      return { S3_ENDPOINT: roadToStore.url };
    },
  });
});
afterEach(() => production.endRun());
afterAll(async () => {
  await production.stop();
  await roadToStore.remove();
});

const factsOf = (open: { readonly facts: readonly { readonly label: string; readonly value: string }[] }) =>
  new Map(open.facts.map(({ label, value }) => [label, value]));

describe('a step whose retries are spent', () => {
  it('waits for a person, and goes on once the provider answers again', async () => {
    const { sandbox } = production;
    const found = await standing(sandbox);
    const target = await someTarget(sandbox);
    sandbox.supabase.faults.set('list-backups', { kind: 'answer', status: 500 });
    const recovery = await Recovery.start(sandbox, { target });
    const failed = await recovery.asked('failed-step', 'find-recovery-point');
    expect(failed.answers).toEqual(['retry', 'replan', 'abort']);
    expect(factsOf(failed).get('What happened')).toContain('Supabase answered 500');
    expect(sandbox.supabase.calls.all('list-backups').length).toBeGreaterThan(1);
    sandbox.supabase.faults.clear('list-backups');
    await recovery.accepted('retry', { decision: failed.id });
    const gate = await recovery.asked('approval', 'restore-database');
    await recovery.accepted('reject', { decision: gate.id, reason: 'enough was seen' });
    expect(await recovery.result()).toMatchObject({ outcome: 'undone' });
    expect(await standing(sandbox)).toEqual(found);
  });

  it('may be replanned: another target, another revision, another digest', async () => {
    const { sandbox } = production;
    const target = await someTarget(sandbox);
    const recovery = await Recovery.start(sandbox, {
      target: { kind: 'at', moment: '2020-01-01T00:00:00Z' },
    });
    const failed = await recovery.asked('failed-step', 'find-recovery-point');
    expect(factsOf(failed).get('What happened')).toContain('before what can be restored');
    await recovery.accepted('replan', { decision: failed.id, reason: 'the year was wrong', target });
    const gate = await recovery.asked('approval', 'restore-database');
    expect(gate.id).toContain('-r2-');
    const later = await someTarget(sandbox);
    await recovery.accepted('replan', { decision: gate.id, reason: 'later is better', target: later });
    const next = await recovery.asked('approval', 'restore-database');
    expect(next.id).toContain('-r3-');
    expect(next.digest).not.toBe(gate.digest);
    await recovery.accepted('abort', { reason: 'enough was seen' });
    expect(await recovery.result()).toMatchObject({ outcome: 'undone', status: { revision: 3 } });
  });

  it('may be skipped where the runbook allows it, and the gate says NO SAFETY COPY', async () => {
    const { sandbox } = production;
    const traffic = startTraffic({ applicationUrl: sandbox.railway.applicationUrl, perSecond: 10 });
    await customersServed(traffic, sandbox);
    const incident = await damage(sandbox);
    await traffic.stop();
    roadToStore.closeAt('/safety-copy.json');
    const recovery = await Recovery.start(sandbox, {
      target: { kind: 'just-before', moment: incident.moment },
    });
    const failed = await recovery.asked('failed-step', 'take-safety-copy');
    expect(failed.answers).toContain('skip');
    expect(failed.consequences[failed.answers.indexOf('skip')]).toContain('NO SAFETY COPY');
    await roadToStore.open();
    await recovery.accepted('skip', { decision: failed.id, reason: 'every minute counts' });
    const gate = await recovery.asked('approval', 'restore-database');
    expect(factsOf(gate).get('Safety copy')).toMatch(/^NO SAFETY COPY/);
    await recovery.accepted('approve', recovery.approvalOf(gate));
    const report = await recovery.finishAfterRestore();
    expect(report).toMatchObject({ outcome: 'recovered', safetyCopies: [] });
    const restoredAt = report.status.steps.find(({ id }) => id === 'restore-database')?.finishedAt ?? '';
    expect(await deviation(sandbox, incident, restoredAt)).toEqual(exact);
  });

  it('goes on waiting for a restore that hung, without a second request', async () => {
    const { sandbox } = production;
    const { faults, calls } = sandbox.supabase;
    const requests = calls.all('restore-pitr').length;
    const recovery = await Recovery.start(sandbox, { target: await someTarget(sandbox) });
    faults.switchOn('stuck-restore');
    await recovery.approve();
    const failed = await recovery.asked('failed-step', 'restore-database');
    expect(failed.answers).toEqual(['retry', 'replan', 'go-over', 'abort']);
    expect((await recovery.status()).destroyed).toBe(true);
    faults.switchOff('stuck-restore');
    await recovery.accepted('retry', { decision: failed.id });
    expect(await recovery.finishAfterRestore()).toMatchObject({ outcome: 'recovered' });
    expect(calls.all('restore-pitr')).toHaveLength(requests + 1);
  });

  it('asks for a new approval after the provider refused the restore', async () => {
    const { sandbox } = production;
    const { faults, calls } = sandbox.supabase;
    const requests = calls.all('restore-pitr').length;
    const recovery = await Recovery.start(sandbox, { target: await someTarget(sandbox) });
    const body = JSON.stringify({ message: 'A backup is being taken.' });
    faults.set('restore-pitr', { kind: 'answer', status: 400, body }, 1);
    const first = await recovery.approve();
    const failed = await recovery.asked('failed-step', 'restore-database');
    expect(factsOf(failed).get('What happened')).toContain('A backup is being taken.');
    expect((await recovery.status()).destroyed).toBe(false);
    await recovery.accepted('retry', { decision: failed.id });
    const second = await recovery.asked('approval', 'restore-database');
    expect(second.id).not.toBe(first.id);
    expect(calls.all('restore-pitr')).toHaveLength(requests + 1);
    await recovery.accepted('approve', recovery.approvalOf(second));
    expect(await recovery.finishAfterRestore()).toMatchObject({ outcome: 'recovered' });
    expect(calls.all('restore-pitr')).toHaveLength(requests + 2);
  });
});

describe('an approved plan', () => {
  it('that does not hold any more goes back to the gate with what would be lost now', async () => {
    const { sandbox } = production;
    const requests = sandbox.supabase.calls.all('restore-pitr').length;
    const recovery = await Recovery.start(sandbox, { target: await someTarget(sandbox) });
    const first = await recovery.asked('approval', 'restore-database');
    await asSuperuser(sandbox, (client) =>
      client.query(`INSERT INTO public.users (email, name) VALUES ('late@example.test', 'Late')`),
    );
    await recovery.accepted('approve', recovery.approvalOf(first));
    const second = await recovery.asked('approval', 'restore-database');
    expect(second.id).toContain('-r2-');
    expect(second.digest).not.toBe(first.digest);
    expect(factsOf(second).get('public.users')).toContain('discards 1 ');
    const { warnings, revision } = await recovery.status();
    expect(revision).toBe(2);
    expect(warnings.join(' ')).toContain('public.users would lose 1 rows; approved are 0');
    expect(sandbox.supabase.calls.all('restore-pitr')).toHaveLength(requests);
    const old = await recovery.answer('approve', { ...recovery.approvalOf(first), decision: second.id });
    expect(old).toMatchObject({ accepted: false, verdict: expect.stringContaining('digest') });
    await recovery.accepted('reject', { decision: second.id, reason: 'who writes there?' });
    expect(await recovery.result()).toMatchObject({ outcome: 'undone' });
  });
});

describe('a mail server that is down', () => {
  it('never holds a recovery back', async () => {
    const { sandbox } = production;
    const { smtp } = sandbox;
    const recovery = await Recovery.start(sandbox, { target: await someTarget(sandbox) });
    const gate = await recovery.asked('approval', 'restore-database');
    await smtp.setDown(true);
    const mailsBefore = smtp.messages().length;
    await recovery.accepted('approve', recovery.approvalOf(gate));
    await recovery.confirm();
    await recovery.untilStep('tell-team', 'done');
    expect(await standing(sandbox)).toMatchObject({ health: 200, autoDeploy: true });
    expect(smtp.messages()).toHaveLength(mailsBefore);
    await smtp.setDown(false);
    const open = await recovery.asked('approval', 'tell-users');
    await recovery.accepted('reject', { decision: open.id, reason: 'nobody needs to know' });
    const report = await recovery.result();
    expect(report.outcome).toBe('recovered');
    expect(report.status.steps.find(({ id }) => id === 'tell-team')?.summary).toContain('failed');
    await eventually('the mails that waited', () =>
      smtp.messages().length > mailsBefore ? true : undefined,
    );
  });
});
