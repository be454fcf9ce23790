import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { watchRecovery } from '../../client/output/live-view.ts';
import { leftBehind } from '../../client/recovery/left-measures.ts';
import { recoveryWorkflowId } from '../../workflows/contracts/names.ts';
import type { RecoveryReport } from '../../workflows/contracts/report.ts';
import { startServer, startWorker } from './peer/server.ts';
import { Paper, type Printed, type Terminal, terminal } from './peer/terminal.ts';

const target = ['--just-before', '2025-11-20T03:12:00Z'];
const digest = 'c0ffee123456';
const flat = (text: string) => text.replace(/\s+/g, ' ');

let server: TestWorkflowEnvironment;
let worker: { stop: () => Promise<void> };
let dr: Terminal['dr'];

beforeAll(async () => {
  server = await startServer();
  worker = await startWorker(server, 'workflows.ts');
  dr = terminal(server, { DR_TEMPORAL_UI: 'http://localhost:8233/' }).dr;
});
afterAll(async () => {
  await worker?.stop();
  await server?.teardown();
});

async function start(environment: string, reason = 'sales are gone', ...more: string[]): Promise<Printed> {
  return dr('start', 'data-loss', ...target, '--reason', reason, '-e', environment, ...more);
}

async function startAndReachGate(environment: string, reason?: string): Promise<void> {
  expect((await start(environment, reason)).code).toBe(0);
  await expect
    .poll(async () => (await dr('status', '-e', environment)).out)
    .toContain('WAITING FOR A PERSON');
}

describe('dr start', () => {
  it('tells project, times, person, Web UI and the next command', async () => {
    const { code, out } = await start('told');
    expect(code).toBe(0);
    expect(out).toContain('STARTED  data-loss in told');
    expect(out).toContain('VendHub (vendhubref, supabase eu-central-1)');
    expect(out).toContain('2025-11-20 03:12:00 UTC');
    expect(out).toContain('identity unverified');
    expect(out).toMatch(
      /http:\/\/localhost:8233\/namespaces\/default\/workflows\/recovery-told\/\S+\/history/,
    );
    expect(out).toContain('npx dr watch --environment told');
  });

  it('makes the run filterable and readable in the Web UI', async () => {
    await startAndReachGate('labelled');
    const description = await server.client.workflow.getHandle(recoveryWorkflowId('labelled')).describe();
    expect(description.type).toBe('dataLoss');
    expect(description.searchAttributes).toMatchObject({
      DrEnvironment: ['labelled'],
      DrScenario: ['data-loss'],
    });
    expect(await description.staticSummary()).toContain('data-loss in labelled');
    expect(await description.staticDetails()).toContain('sales are gone');
    const timeouts = description.raw.executionConfig;
    expect(String(timeouts?.workflowExecutionTimeout?.seconds ?? 0)).toBe('0');
    expect(String(timeouts?.workflowRunTimeout?.seconds ?? 0)).toBe('0');
  });

  it('cuts a long reason to what a summary holds', async () => {
    expect((await start('wordy', 'ä'.repeat(400))).code).toBe(0);
  });

  it('refuses a target that the provider cannot reach, and starts nothing', async () => {
    const { code, err } = await dr(
      ...['start', 'data-loss', '-e', 'unreachable', '--reason', 'x', '--at', '2019-01-01T00:00:00Z'],
    );
    expect(code).toBe(2);
    expect(flat(err)).toContain('lies before the earliest restore point');
    expect(err).toContain('Name a moment within the last 7 days.');
    expect((await dr('status', '-e', 'unreachable')).out).toContain('was ever started');
  });

  it('lets one of two starts at once through and tells the other who holds the environment', async () => {
    const [first, second] = await Promise.all([start('contested'), start('contested')]);
    expect([first.code, second.code].sort()).toEqual([0, 2]);
    const refused = first.code === 2 ? first : second;
    expect(refused.err).toContain('A recovery of contested is under way');
    expect(refused.err).toContain('scenario: data-loss');
    expect(refused.err).toContain('started by: anna');
    expect(refused.err).toMatch(/since: +\d{4}-/);
    expect(refused.err).toMatch(/phase: +(checking|waiting-for-approval)/);
    expect(refused.err).toContain('npx dr status --environment contested');
  });

  it('does not pass over what a terminated run left in force, and repair takes it back', async () => {
    await startAndReachGate('abandoned');
    await server.client.workflow.getHandle(recoveryWorkflowId('abandoned')).terminate('test');
    const again = await start('abandoned');
    expect(again.code).toBe(2);
    expect(flat(again.err)).toContain('left measures in force');
    expect(again.err).toContain('application stopped');
    expect(flat(again.err)).toContain('npx dr repair --environment abandoned');

    const status = await dr('status', '-e', 'abandoned');
    expect(status.out).toContain('LEFT IN FORCE');
    expect(status.out).toContain('npx dr repair --environment abandoned');

    const repair = await dr('repair', '-e', 'abandoned', '--reason', 'terminated by mistake');
    expect(repair.code).toBe(0);
    expect(repair.out).toContain('takes back: application stopped');
    expect((await dr('watch', '-e', 'abandoned')).out).toContain('ENDED: undone');
    const nothing = await dr('repair', '-e', 'abandoned', '--reason', 'once more');
    expect(nothing.code).toBe(2);
    expect(flat(nothing.err)).toContain('nothing to repair');
    expect((await start('abandoned')).code).toBe(0);
  });

  it('does not pass over what a completed run left in force, however it ended', async () => {
    await startAndReachGate('incomplete', 'leaves its measures');
    expect((await dr('abort', '-e', 'incomplete', '--reason', 'enough')).code).toBe(0);
    await dr('watch', '-e', 'incomplete');
    const again = await start('incomplete');
    expect(again.code).toBe(2);
    expect(flat(again.err)).toContain('is over (COMPLETED');
    expect(flat(again.err)).toContain('left measures in force');
  });

  it('does not take a completed run whose result cannot be read for one that left nothing', async () => {
    expect((await start('unreadable')).code).toBe(0);
    expect((await dr('abort', '-e', 'unreadable', '--reason', 'enough')).code).toBe(0);
    await dr('watch', '-e', 'unreadable');
    const handle = server.client.workflow.getHandle<() => Promise<RecoveryReport>>(
      recoveryWorkflowId('unreadable'),
    );
    const description = await handle.describe();
    expect(description.status.name).toBe('COMPLETED');
    const acted = { ...description, historyLength: 1_000 };
    const left = await leftBehind({ handle, description: acted, closed: true }, { problem: 'cut off' });
    expect(left).toEqual({ kind: 'unknown', why: 'cut off' });
  });

  it('starts over left measures when told to', async () => {
    await startAndReachGate('knowing');
    await server.client.workflow.getHandle(recoveryWorkflowId('knowing')).terminate('test');
    expect((await start('knowing', 'known', '--ignore-left-measures')).code).toBe(0);
  });
});

describe('dr plan', () => {
  it('prints unknown numbers as unknown, warnings, open roads, and the command to go on', async () => {
    const { code, out } = await dr('plan', 'data-loss', ...target, '--reason', 'sales are gone');
    expect(code).toBe(0);
    expect(out).toMatch(/public\.sales +12345 +17 +unknown/);
    expect(out).toMatch(/public\.machines +9 +unknown +unknown/);
    expect(out).toContain('warning: The objective of 1 min cannot be met');
    expect(out).toContain('cannot be fenced: edge functions with the service key');
    expect(out).toMatch(/restore-database +destructive +5 min to 10 min/);
    expect(out).toMatch(/restore in place +5 min to 10 min, by the policy/);
    expect(flat(out)).toContain(
      'from own backup 40 s to 1 min 05 s, measured: median 40 s of the last 3 restore tests, worst 1 min 05 s',
    );
    expect(flat(out.replaceAll('\\\n', ''))).toContain(
      'npx dr start data-loss --environment production --just-before 2025-11-20T03:12:00Z --reason "sales are gone"',
    );
  });
});

describe('the approval', () => {
  it('is refused before the gate, saying which step it comes before', async () => {
    expect((await start('early', 'stays before its gate')).code).toBe(0);
    const { code, err } = await dr('approve', '-e', 'early', '--digest', digest, '--as', 'ben');
    expect(code).toBe(2);
    expect(flat(err)).toContain('nothing to approve now: the approval is asked before restore-database');
  });

  it('is refused with a stale digest, an unknown step or another decision', async () => {
    await startAndReachGate('careful');
    const stale = await dr('approve', '-e', 'careful', '--digest', 'deadbeef0000', '--as', 'ben');
    expect(stale.code).toBe(2);
    expect(flat(stale.err)).toContain('is not that of the plan that is asked about now');
    const step = await dr('approve', '-e', 'careful', '--digest', digest, '--step', 'restore', '--as', 'ben');
    expect(step.code).toBe(2);
    expect(flat(step.err)).toContain('find-recovery-point, stop-application, restore-database');
    const decision = await dr('approve', '-e', 'careful', '--digest', digest, '--decision', 'other');
    expect(decision.code).toBe(2);
    expect(decision.err).toContain('open is restore-database-r1-q1');
    const kind = await dr('skip', '-e', 'careful', '--reason', 'no time');
    expect(kind.code).toBe(2);
    expect(flat(kind.err)).toContain('skip is no answer to the open question');
  });

  it('prints a refusal of the run itself and exits with 2', async () => {
    await startAndReachGate('judged');
    const { code, out } = await dr('approve', '-e', 'judged', '--digest', digest, '--as', 'stranger');
    expect(code).toBe(2);
    expect(flat(out)).toContain('REFUSED approve by stranger (identity unverified)');
    expect(out).toContain('stranger is not in the policy.');
  });

  it('names run, step, decision and the whole digest, and a second one is refused', async () => {
    await startAndReachGate('approved', 'lingers after its approval');
    const first = await dr('approve', '-e', 'approved', '--digest', digest, '--as', 'ben');
    expect(first.code).toBe(0);
    expect(flat(first.out)).toContain('ACCEPTED approve by ben (identity unverified)');
    for (const named of [[], ['--decision', 'restore-database-r1-q1']]) {
      const second = await dr('approve', '-e', 'approved', '--digest', digest, '--as', 'carla', ...named);
      expect(second.code).toBe(2);
      expect(flat(second.err)).toContain('This was decided already: approve by ben');
    }
    const handle = server.client.workflow.getHandle(recoveryWorkflowId('approved'));
    const { runId } = await handle.describe();
    const history = await handle.fetchHistory();
    const signals = history.events?.flatMap((event) => event.workflowExecutionSignaledEventAttributes ?? []);
    expect(signals).toHaveLength(1);
    const data = signals?.[0]?.input?.payloads?.[0]?.data;
    expect(JSON.parse(Buffer.from(data ?? []).toString())).toMatchObject({
      by: 'ben',
      workflowId: 'recovery-approved',
      runId,
      step: 'restore-database',
      decision: 'restore-database-r1-q1',
      digest: digest.padEnd(64, '0'),
    });
  });

  it('is refused where nothing runs', async () => {
    const never = await dr('approve', '-e', 'nowhere', '--digest', digest);
    expect(never.code).toBe(2);
    expect(never.err).toContain('No recovery of nowhere was ever started.');
    await startAndReachGate('over');
    expect((await dr('approve', '-e', 'over', '--digest', digest, '--as', 'ben')).code).toBe(0);
    expect((await dr('watch', '-e', 'over')).code).toBe(0);
    const late = await dr('approve', '-e', 'over', '--digest', digest, '--as', 'ben');
    expect(late.code).toBe(2);
    expect(late.err).toContain('The recovery of over is over: recovered.');
  });
});

describe('what on-call reads', () => {
  it('fits 80 columns and holds the exact commands of the open decision', async () => {
    await startAndReachGate('read');
    const { code, out } = await dr('status', '-e', 'read');
    expect(code).toBe(0);
    expect(out).toContain('npx dr approve --environment read --digest c0ffee123456 --as NAME');
    expect(out).toContain('npx dr abort --environment read --reason "…" --as NAME');
    expect(out).toContain('NO SAFETY COPY');
    expect(out).toContain('in force: application stopped');
    expect(out).toContain('since the start; incident unknown');
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    const document: unknown = JSON.parse((await dr('status', '-e', 'read', '--json')).out);
    expect(document).toMatchObject({ run: { state: 'RUNNING' }, status: { environment: 'read' } });
  });

  it('follows a run to its end, a line for each change', async () => {
    const watched = start('watched', 'wrong day', '--watch');
    await expect
      .poll(async () => (await dr('status', '-e', 'watched')).out)
      .toContain('WAITING FOR A PERSON');
    await dr('reject', '-e', 'watched', '--reason', 'wrong day', '--as', 'ben');
    const { code, out } = await watched;
    expect(code).toBe(1);
    expect(out).toContain('reject by ben accepted');
    expect(out).toContain('outcome undone');
    expect(out).toContain('ENDED: undone');
    const report = await dr('report', '-e', 'watched');
    expect(report.code).toBe(0);
    expect(report.out).toContain('Data loss, watched: UNDONE');
    const markdown = await dr('report', '-e', 'watched', '--markdown');
    expect(markdown.out).toContain('# Data loss, watched: undone');
    const page = await dr('report', '-e', 'watched', '--html');
    expect(page.out).toMatch(/^<!doctype html>\n/);
    expect(page.out).toContain('<h1 dir="auto">Data loss, watched</h1>');
  });

  it('is redrawn on a terminal; Ctrl-C stops the watching and leaves the run', async () => {
    await startAndReachGate('redrawn');
    const screen = Object.assign(new Paper(), { isTTY: true, columns: 80, rows: 60 });
    const interruption = new AbortController();
    const handle = server.client.workflow.getHandle<() => Promise<RecoveryReport>>(
      recoveryWorkflowId('redrawn'),
    );
    const watching = watchRecovery(handle, screen, {
      environment: { NO_COLOR: '1' },
      now: () => new Date(),
      signal: interruption.signal,
      everyMs: 20,
    });
    const framesSeen = () => screen.text.split('Ctrl-C stops watching').length - 1;
    await expect.poll(framesSeen).toBeGreaterThan(0);
    expect(screen.text).toContain('WAITING FOR A PERSON');
    expect(screen.text).toContain('Ctrl-C stops watching; the run goes on.');
    await dr('abort', '-e', 'redrawn', '--reason', 'lingering look', '--as', 'ben');
    expect(await watching).toMatchObject({ kind: 'closed' });

    await startAndReachGate('interrupted');
    const stopped = watchRecovery(
      server.client.workflow.getHandle(recoveryWorkflowId('interrupted')),
      new Paper(),
      { environment: {}, now: () => new Date(), signal: interruption.signal, everyMs: 20 },
    );
    interruption.abort();
    expect(await stopped).toMatchObject({ kind: 'stopped' });
    expect((await dr('status', '-e', 'interrupted')).out).toContain('WAITING FOR A PERSON');
  });

  it('lists recoveries and plans with who started them', async () => {
    await startAndReachGate('listed');
    await expect.poll(async () => (await dr('list', '-e', 'listed')).out).toContain('waiting-for-approval');
    const { out } = await dr('list', '-e', 'listed', '--json');
    const runs: unknown = JSON.parse(out);
    expect(runs).toMatchObject([
      { kind: 'recovery', scenario: 'data-loss', startedBy: 'anna', state: 'RUNNING' },
      { kind: 'plan', scenario: 'data-loss', state: 'COMPLETED' },
    ]);
  });
});
