import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Terminal, terminal } from '../client/peer/terminal.ts';
import { startTraffic } from '../sandbox/vendhub/index.ts';
import { eventually } from './condition.ts';
import { standing } from './found.ts';
import { Recovery } from './recovery.ts';
import { runOperation, takeBackup } from './run-operation.ts';
import {
  healthAt,
  rebuiltDatabases,
  rebuiltSales,
  type StandbyProduction,
  startStandbyProduction,
} from './standby-production.ts';
import { aroundSnapshot, customersServed, salesOf } from './truth.ts';

let home: StandbyProduction;
let oncall: Terminal;

beforeAll(async () => {
  home = await startStandbyProduction();
  const { temporal, environment } = home.production.sandbox;
  oncall = terminal(temporal.environment, { ...environment, DR_USER: 'oncall' });
});
afterAll(() => home?.stop());

const reason = ['--reason', 'prices were wrong for weeks'];

/** What the provider answers when its window begins only now, with a backup that it still lists from before. */
function lateWindow(listedAt: string) {
  const nowUnix = Math.floor(Date.now() / 1000);
  const body = JSON.stringify({
    region: 'local',
    walg_enabled: true,
    pitr_enabled: true,
    backups: [{ id: 7, is_physical_backup: true, status: 'COMPLETED', inserted_at: listedAt }],
    physical_backup_data: {
      earliest_physical_backup_date_unix: nowUnix,
      latest_physical_backup_date_unix: nowUnix,
    },
  });
  return { kind: 'answer', status: 200, body } as const;
}

/** Words that the screen breaks over lines, and text without breaks. */
const flat = (text: string) => text.replace(/\s+/g, ' ');

async function latestRun(): Promise<Recovery> {
  const { sandbox } = home.production;
  const { runId } = await sandbox.temporal.environment.client.workflow
    .getHandle('recovery-sandbox')
    .describe();
  return new Recovery(sandbox, runId);
}

describe('damage that is older than the restore window', () => {
  it('is refused at the start with every other road and its loss, and recovered by rebuilding from an own export', async () => {
    const { production, standby } = home;
    const { sandbox } = production;
    await runOperation(sandbox, 'backUpConfiguration');
    const traffic = startTraffic({ applicationUrl: standby.frontDoor.url, perSecond: 20 });
    await customersServed(traffic, sandbox);
    const listedAt = new Date().toISOString();
    await customersServed(traffic, sandbox);
    await takeBackup(sandbox);
    await customersServed(traffic, sandbox);
    const damagedAt = new Date().toISOString();
    await customersServed(traffic, sandbox);
    await takeBackup(sandbox);
    await traffic.stop();
    const before = await salesOf(sandbox);
    sandbox.supabase.faults.set('list-backups', lateWindow(listedAt));

    const start = await oncall.dr('start', 'data-loss', '--just-before', damagedAt, ...reason);
    expect(start.code).toBe(2);
    const refusal = flat(start.err);
    expect(refusal).toContain('before what can be restored');
    expect(refusal).toMatch(
      /Road: own export: recent\/backup-\S+ at \S+, read whole just now, shows 20.* before the target; discards [1-9]\d* rows/,
    );
    expect(refusal).toMatch(
      /Road: provider’s backup: of 20.* \(COMPLETED, number 7\), .* before the target; discards [1-9]\d* rows/,
    );
    expect(start.err.split('\n').filter((line) => line.length > 80)).toEqual([]);
    const rows = [...refusal.matchAll(/discards (\d+) rows/g)].map(([, count]) => Number(count));
    expect(rows[1]).toBeGreaterThan(rows[0] ?? Number.POSITIVE_INFINITY);
    const plan = await oncall.dr('plan', 'data-loss', '--just-before', damagedAt, ...reason);
    expect(plan.code).toBe(2);
    expect(flat(plan.err)).toContain('Road: own export: recent/backup-');

    const asked = await Recovery.start(sandbox, { target: { kind: 'just-before', moment: damagedAt } });
    const failed = await asked.asked('failed-step', 'find-recovery-point');
    expect(failed.facts.map(({ label }) => label)).toContain('Road: own export');
    await asked.accepted('abort', { reason: 'it is older than the window' });
    expect(await asked.result()).toMatchObject({ outcome: 'undone' });

    const key = /--backup (\S+)/.exec(refusal)?.[1] ?? '';
    const wrong = await oncall.dr('start', 'complete-failure', '--backup', `${key}x`, ...reason);
    expect(wrong.code).toBe(2);
    expect(flat(wrong.err)).toContain('No location lists an export');
    const elsewhere = await oncall.dr('start', 'database-corruption', '--backup', key, ...reason);
    expect(elsewhere.code).toBe(2);
    expect(flat(elsewhere.err)).toContain('--backup: only complete-failure');

    const found = await standing(sandbox);
    const rebuild = ['start', 'complete-failure', '--backup', key, '--incident-at', damagedAt, ...reason];
    expect(await oncall.dr(...rebuild)).toMatchObject({ code: 0 });
    const rejected = await latestRun();
    const first = await rejected.asked('approval', 'switch-over');
    expect((await standing(sandbox)).health).toBe(502);
    expect(sandbox.postgres.networkRestrictions()).toEqual(['127.0.0.1/32']);
    await rejected.accepted('reject', { decision: first.id, reason: 'let us ask the owner' });
    expect(await rejected.result()).toMatchObject({ outcome: 'undone', status: { measures: [] } });
    expect(await standing(sandbox)).toEqual(found);
    expect(await rebuiltDatabases(standby)).toEqual([]);

    expect(await oncall.dr(...rebuild)).toMatchObject({ code: 0 });
    const recovery = await latestRun();
    const gate = await recovery.approve('switch-over');
    const facts = gate.facts.map(({ label, value }) => `${label}: ${value}`).join('\n');
    expect(facts).toContain(`Backup: ${key} at `);
    expect(facts).toMatch(/^DATABASE ANSWERS: .*given up knowingly/m);
    expect(facts).toMatch(/^Old production: deployments paused; application stopped; database fenced/m);
    const manual = await recovery.asked('manual-step', 'keep-old-production-stopped');
    await recovery.accepted('confirm', { decision: manual.id, reason: 'it stays fenced' });
    const report = await recovery.result();
    expect(report).toMatchObject({ outcome: 'recovered', status: { measures: [] } });
    expect(report.oldProductionKept).toHaveLength(3);
    await eventually('users at the rebuilt production', async () =>
      (await healthAt(standby.frontDoor.url)) === 200 ? true : undefined,
    );
    const snapshotAt = report.verification?.newestCommitAt ?? '';
    expect(snapshotAt < damagedAt).toBe(true);
    const rebuilt = await rebuiltSales(standby, (await rebuiltDatabases(standby))[0] ?? '');
    const { kept, later } = aroundSnapshot(before, snapshotAt);
    expect(kept.length).toBeGreaterThan(0);
    expect(later.length).toBeGreaterThan(0);
    expect(kept.filter(({ receipt, content }) => rebuilt.get(receipt) !== content)).toEqual([]);
    expect(later.filter(({ receipt }) => rebuilt.has(receipt))).toEqual([]);
    const sold = new Set(before.map(({ receipt }) => receipt));
    expect([...rebuilt.keys()].filter((receipt) => !sold.has(receipt))).toEqual([]);
  });
});
