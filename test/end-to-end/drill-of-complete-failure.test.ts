import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startTraffic, type Traffic } from '../sandbox/vendhub/index.ts';
import { eventually } from './condition.ts';
import { Drills } from './drills.ts';
import { takeBackup } from './run-operation.ts';
import {
  healthAt,
  rebuiltDatabases,
  type StandbyProduction,
  startStandbyProduction,
} from './standby-production.ts';
import { customersServed, salesOf } from './truth.ts';

let home: StandbyProduction;
let drills: Drills;
let traffic: Traffic | null = null;

beforeAll(async () => {
  home = await startStandbyProduction();
  drills = new Drills(home.production);
});
afterEach(async () => {
  await traffic?.stop();
  traffic = null;
});
afterAll(async () => {
  drills?.store.close();
  await home?.stop();
});

const holdDrill = () => drills.hold('complete-failure', '--simulate-approvals');

async function customersBuy(): Promise<void> {
  traffic = startTraffic({ applicationUrl: home.standby.frontDoor.url, perSecond: 20 });
  await customersServed(traffic, home.production.sandbox);
}

/** How production stands, beside its rows. */
function standing() {
  const { railway, postgres } = home.production.sandbox;
  return {
    databaseIs: postgres.status(),
    networks: postgres.networkRestrictions(),
    variables: railway.service.variables,
    autoDeploy: railway.service.autoDeploy,
    version: railway.service.active()?.version,
    usersAreAt: home.standby.frontDoor.upstream(),
  };
}

/** Everything is where it was, and the standby environment is empty. */
async function putBack(before: ReturnType<typeof standing>, sales: Awaited<ReturnType<typeof salesOf>>) {
  await traffic?.stop();
  await drills.nothingIsLeft();
  expect(standing()).toEqual(before);
  expect(await rebuiltDatabases(home.standby)).toEqual([]);
  expect(await healthAt(home.standby.applicationUrl)).toBeNull();
  expect(await healthAt(home.standby.frontDoor.url)).toBe(200);
  const after = new Map(
    (await salesOf(home.production.sandbox)).map(({ receipt, content }) => [receipt, content]),
  );
  expect(sales.filter(({ receipt, content }) => after.get(receipt) !== content)).toEqual([]);
}

describe('a drill of complete failure', () => {
  it('takes a backup, loses everything, is recovered at the standby environment, and puts everything back', async () => {
    const { sandbox } = home.production;
    const before = standing();
    await customersBuy();
    const sales = await salesOf(sandbox);
    const { record, stored } = await holdDrill();
    expect(stored).toMatchObject({
      scenario: 'complete-failure',
      fault: { id: 'deleted-everything' },
      verdict: 'verified (sandbox)',
    });
    expect(stored.approvals.map(({ kind, simulated }) => [kind, simulated])).toEqual([
      ['approve', true],
      ['confirm', true],
    ]);
    const details = record.details.join('\n');
    expect(details).toContain('an own backup was taken before: recent/backup-');
    const found = new Map(record.checks.map((check) => [check.name, check.found]));
    expect(found.get('No data loss')).toMatch(
      /^0 from before it \(recovery point 20.+ before the fault\); \d+ /,
    );
    expect(found.get('Nothing of the drill left behind')).toMatch(
      /^production serves its users again with all \d+ rows; the standby application is stopped, vendhub_standby_\w+ dropped/,
    );
    expect(home.standby.frontDoor.switches()).toBe(2);
    await putBack(before, sales);
  });

  it('that was terminated while everything is gone is put back by the next, which lists what was lost', async () => {
    const { sandbox } = home.production;
    const before = standing();
    await takeBackup(sandbox);
    await customersBuy();
    const sales = await salesOf(sandbox);
    const ended = drills.oncall.dr('drill', 'complete-failure', '--json');
    const { drillId } = await drills.recoveryAtItsGate('switch-over');
    await sandbox.temporal.environment.client.workflow
      .getHandle(drillId)
      .terminate('the machine burned down');
    expect((await ended).code).toBe(1);
    expect(sandbox.postgres.status()).toBe('stopped');

    const { record, stored } = await holdDrill();
    const details = record.details.join('\n');
    expect(details).toContain(`${drillId} had been ended before it was over: the recovery`);
    expect(details).toContain('the newest own backup was');
    const lostSales = stored.data.tables.find(({ table }) => table === 'public.sales');
    expect(lostSales?.lostAfter).toBeGreaterThan(0);
    expect(stored.data.lost.map(({ table }) => table)).toContain('public.sales');
    await putBack(before, sales);
  });

  it('whose worker is killed while everything is being taken away puts everything back', async () => {
    const { sandbox } = home.production;
    const before = standing();
    await customersBuy();
    const sales = await salesOf(sandbox);
    const killed = home.production.worker();
    const drill = drills.oncall.dr('drill', 'complete-failure', '--simulate-approvals', '--json');
    await eventually('the database server is stopped', async () =>
      sandbox.postgres.status() === 'stopped' ? true : undefined,
    );
    killed.signal('SIGKILL');
    await home.production.startWorker();
    await drill;
    await putBack(before, sales);
  });
});
