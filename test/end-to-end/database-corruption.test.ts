import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { corruptPages } from '../sandbox/drills/faults.ts';
import { startTraffic } from '../sandbox/vendhub/index.ts';
import { startProduction, type TestProduction } from './production.ts';
import { Recovery } from './recovery.ts';
import { takeBackup } from './run-operation.ts';
import { customersServed, salesOf } from './truth.ts';

let production: TestProduction;

beforeAll(async () => {
  production = await startProduction();
});
afterEach(() => production.endRun());
afterAll(() => production.stop());

const input = {
  environment: 'sandbox',
  startedBy: 'oncall',
  reason: 'queries on sales fail',
  incidentAt: null,
  target: null,
} as const;

describe('a recovery from a corrupt database', () => {
  it('does not restore a database in which nothing is damaged', async () => {
    const recovery = await Recovery.launch(production.sandbox, input, 'database-corruption');
    const failed = await recovery.asked('failed-step', 'prove-corruption');
    expect(failed.facts).toContainEqual({
      label: 'What it means',
      value: 'No damage was found; a restore would discard good data.',
    });
    await recovery.accepted('abort', { reason: 'nothing is damaged' });
    expect(await recovery.result()).toMatchObject({ outcome: 'undone', status: { destroyed: false } });
  });

  it('goes back to the newest whole backup, and says what every other moment would cost', async () => {
    const { sandbox } = production;
    const { railway } = sandbox;
    const traffic = startTraffic({ applicationUrl: railway.applicationUrl, perSecond: 20 });
    await customersServed(traffic, sandbox);
    await takeBackup(sandbox);
    await customersServed(traffic, sandbox);
    await traffic.stop();
    const before = await salesOf(sandbox);
    const incidentAt = new Date().toISOString();
    await corruptPages(sandbox);

    const recovery = await Recovery.launch(sandbox, { ...input, incidentAt }, 'database-corruption');
    const gate = await recovery.asked('approval', 'restore-database');
    const facts = gate.facts.map(({ label, value }) => `${label}: ${value}`).join('\n');
    expect(facts).toMatch(/Recovery point: Chosen: .* discards \d+ rows .*own backup recent\//);
    expect(facts).toMatch(/Recovery point: Just before it was noticed: .* discards \d+ rows/);
    expect(facts).toMatch(/Damage in public\.sales: 1 pages of public\.sales cannot be read/);
    expect(facts).toMatch(/Damage in public\.dispense_jobs: table and index/);
    expect(facts).toMatch(/Safety copy: .*WITHOUT public\.sales, which cannot be read whole/);
    await recovery.approve();
    const report = await recovery.finishAfterRestore();

    expect(report.outcome).toBe('recovered');
    expect(report.rto.met).toBe(true);
    const target = new Date((report.restoredToUnix ?? 0) * 1000).toISOString().replace('Z', '000Z');
    const restored = new Map((await salesOf(sandbox)).map(({ receipt, content }) => [receipt, content]));
    const kept = before.filter(({ committedAt }) => committedAt <= target);
    const later = before.filter(({ committedAt }) => committedAt > target);
    expect(kept.filter(({ receipt, content }) => restored.get(receipt) !== content)).toEqual([]);
    expect(later.filter(({ receipt }) => restored.has(receipt))).toEqual([]);
    expect(kept.length).toBeGreaterThan(0);
    expect(later.length).toBeGreaterThan(0);
    expect(report.tables.find(({ table }) => table === 'public.sales')?.discarded).toBe(later.length);
    const health = await fetch(`${railway.applicationUrl}/health`);
    expect(health.status).toBe(200);
  });
});
