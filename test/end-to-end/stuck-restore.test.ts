import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTraffic } from '../sandbox/vendhub/index.ts';
import { eventually } from './condition.ts';
import { quickPolicy } from './production.ts';
import { Recovery } from './recovery.ts';
import { runOperation, takeBackup } from './run-operation.ts';
import { leaks, secretsOf } from './secrets.ts';
import {
  healthAt,
  rebuiltDatabases,
  rebuiltSales,
  type StandbyProduction,
  startStandbyProduction,
} from './standby-production.ts';
import { aroundSnapshot, customersServed, damage, salesOf } from './truth.ts';

let home: StandbyProduction;

beforeAll(async () => {
  home = await startStandbyProduction({
    policy: { ...quickPolicy, restore: { ...quickPolicy.restore, deadlineMs: 4_000 } },
  });
});
afterAll(async () => {
  home?.production.sandbox.supabase.faults.clear();
  await home?.stop();
});

const inWords = (facts: readonly { readonly label: string; readonly value: string }[]) =>
  facts.map(({ label, value }) => `${label}: ${value}`).join('\n');

describe('a restore that never ends', () => {
  it('is told to support, and goes over into complete failure with the fence up, to a backup from before the damage', async () => {
    const { production, standby } = home;
    const { sandbox } = production;
    await runOperation(sandbox, 'backUpConfiguration');
    const traffic = startTraffic({ applicationUrl: standby.frontDoor.url, perSecond: 20 });
    await customersServed(traffic, sandbox);
    await takeBackup(sandbox);
    await customersServed(traffic, sandbox);
    const before = await salesOf(sandbox);
    const incident = await damage(sandbox);
    // A backup of the damage is newer, and of no use.
    await takeBackup(sandbox);
    await traffic.stop();

    const recovery = await Recovery.start(sandbox, {
      target: { kind: 'just-before', moment: incident.moment },
      incidentAt: incident.moment,
    });
    sandbox.supabase.faults.switchOn('stuck-restore');
    await recovery.approve();
    const failed = await recovery.asked('failed-step', 'restore-database');
    expect(failed.answers).toEqual(['retry', 'replan', 'go-over', 'abort']);
    const facts = inWords(failed.facts);
    const target = Math.floor(Date.parse(incident.moment) / 1000);
    expect(facts).toMatch(
      new RegExp(
        `^Support ticket: .*Project ${sandbox.supabase.projectRef} .*recovery_time_target_unix ${target}\\) was requested .* at 20.* UTC and accepted: .*RESTORING.*the row [0-9a-f-]{36} .*status RESTORING`,
        'm',
      ),
    );
    expect(facts).toMatch(
      /^EXTRA LOSS: .*everything committed in the .* from 20.* \(own backup recent\/backup-.*\) to the target/m,
    );
    expect(facts).toMatch(/^Kept: .*safety copy .*safety-copy\.json/m);
    expect(leaks(facts, secretsOf(sandbox))).toEqual([]);

    await recovery.accepted('go-over', { decision: failed.id, reason: 'support needs until tomorrow' });
    const { workflow } = sandbox.temporal.environment.client;
    const { runId } = await eventually('complete failure goes on', async () => {
      const description = await workflow.getHandle(recovery.workflowId).describe();
      return description.type === 'completeFailure' ? description : undefined;
    });
    expect(await recovery.status()).toMatchObject({ outcome: 'handed-over' });

    const other = recovery.inRun(runId);
    const gate = await other.asked('approval', 'switch-over');
    const shown = inWords(gate.facts);
    expect(shown).toMatch(/^Old production: .*application stopped.*database fenced.*stays so/m);
    expect(shown).toMatch(/^Database platform: answers RESTORING/m);
    const taken = await other.status();
    expect(taken.measures.map(({ step }) => step)).toEqual([
      'pause-deployments',
      'stop-application',
      'fence-database',
      'rebuild-database',
      'start-standby-application',
    ]);
    expect(taken.warnings.join('\n')).toMatch(/data-loss\) handed over: The restore to .* did not end/);
    expect(taken.warnings.join('\n')).toContain('Taken over from it, and still in force: deployments paused');

    await other.accepted('approve', other.approvalOf(gate));
    const manual = await other.asked('manual-step', 'keep-old-production-stopped');
    expect(inWords(manual.facts)).toMatch(/^In force there: database fenced.*leave it so/m);
    await other.accepted('confirm', { decision: manual.id, reason: 'support ends the restore' });
    const report = await other.result();

    expect(report).toMatchObject({ outcome: 'recovered', status: { measures: [] }, rto: { met: true } });
    expect(report.oldProductionKept?.map(({ step }) => step)).toEqual([
      'pause-deployments',
      'stop-application',
      'fence-database',
    ]);
    expect(sandbox.postgres.networkRestrictions()).toEqual(['127.0.0.1/32']);
    expect(sandbox.railway.service.active()?.status).not.toBe('SUCCESS');
    expect(await healthAt(standby.frontDoor.url)).toBe(200);

    const snapshotAt = report.verification?.newestCommitAt ?? '';
    expect(snapshotAt < incident.moment).toBe(true);
    const rebuilt = await rebuiltSales(standby, (await rebuiltDatabases(standby))[0] ?? '');
    const { kept, later } = aroundSnapshot(before, snapshotAt);
    expect(kept.length).toBeGreaterThan(0);
    expect(later.length).toBeGreaterThan(0);
    expect(kept.filter(({ receipt, content }) => rebuilt.get(receipt) !== content)).toEqual([]);
    expect(later.filter(({ receipt }) => rebuilt.has(receipt))).toEqual([]);
  });
});
