import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTraffic } from '../sandbox/vendhub/index.ts';
import { Recovery } from './recovery.ts';
import { runOperation, takeBackup } from './run-operation.ts';
import {
  healthAt,
  loseProviders,
  rebuiltDatabases,
  rebuiltSales,
  type StandbyProduction,
  startStandbyProduction,
} from './standby-production.ts';
import { aroundSnapshot, customersServed, salesOf } from './truth.ts';

let home: StandbyProduction;

beforeAll(async () => {
  home = await startStandbyProduction();
});
afterAll(() => home?.stop());

const input = {
  environment: 'sandbox',
  startedBy: 'oncall',
  reason: 'neither provider answers',
  incidentAt: null,
  target: null,
} as const;

describe('a recovery from complete failure', () => {
  it('does not give up a production that works', async () => {
    const { sandbox } = home.production;
    await takeBackup(sandbox);
    await runOperation(sandbox, 'backUpConfiguration');
    const recovery = await Recovery.launch(sandbox, input, 'complete-failure');
    const failed = await recovery.asked('failed-step', 'assess-providers');
    expect(failed.answers).toContain('skip');
    await recovery.accepted('abort', { reason: 'it works' });
    expect(await recovery.result()).toMatchObject({ outcome: 'undone', status: { destroyed: false } });
  });

  it('rebuilds production elsewhere while no provider answers, and removes it again when it is not wanted', async () => {
    const { production, standby } = home;
    const { sandbox } = production;
    const traffic = startTraffic({ applicationUrl: standby.frontDoor.url, perSecond: 20 });
    await customersServed(traffic, sandbox);
    await takeBackup(sandbox);
    await customersServed(traffic, sandbox);
    await traffic.stop();
    const before = await salesOf(sandbox);
    const incidentAt = new Date().toISOString();
    await loseProviders(sandbox);
    expect(await healthAt(standby.frontDoor.url)).not.toBe(200);

    const rejected = await Recovery.launch(sandbox, { ...input, incidentAt }, 'complete-failure');
    const gate = await rejected.asked('approval', 'switch-over');
    const facts = gate.facts.map(({ label, value }) => `${label}: ${value}`).join('\n');
    expect(facts).toMatch(/^LOST: everything committed after 20/m);
    expect(facts).toMatch(/^Backup: recent\/backup-/m);
    expect(await healthAt(standby.applicationUrl)).toBe(200);
    expect(await rebuiltDatabases(standby)).toHaveLength(1);
    await rejected.accepted('reject', { decision: gate.id, reason: 'wait for the provider' });
    expect(await rejected.result()).toMatchObject({ outcome: 'undone', status: { measures: [] } });
    expect(await rebuiltDatabases(standby)).toEqual([]);
    expect(await healthAt(standby.applicationUrl)).toBeNull();

    const recovery = await Recovery.launch(sandbox, { ...input, incidentAt }, 'complete-failure');
    await recovery.approve('switch-over');
    const manual = await recovery.asked('manual-step', 'keep-old-production-stopped');
    await recovery.accepted('confirm', { decision: manual.id, reason: 'support was told' });
    const report = await recovery.result();

    expect(report).toMatchObject({ outcome: 'recovered', rto: { met: true }, rpo: { met: true } });
    expect(report.status.measures).toEqual([]);
    expect(standby.frontDoor.upstream()).toBe(standby.applicationUrl);
    expect(await healthAt(standby.frontDoor.url)).toBe(200);
    const snapshotAt = report.verification?.newestCommitAt ?? '';
    const { kept, later } = aroundSnapshot(before, snapshotAt);
    const rebuilt = await rebuiltSales(standby, (await rebuiltDatabases(standby))[0] ?? '');
    expect(kept.filter(({ receipt, content }) => rebuilt.get(receipt) !== content)).toEqual([]);
    expect(later.filter(({ receipt }) => rebuilt.has(receipt))).toEqual([]);
    expect(kept.length).toBeGreaterThan(0);
    expect(later.length).toBeGreaterThan(0);

    const customers = startTraffic({ applicationUrl: standby.frontDoor.url, perSecond: 20 });
    await expect.poll(() => customers.totals().acknowledged).toBeGreaterThan(5);
    await customers.stop();
  });
});
