import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, startMonitoringWorld } from '../workflows/operations/monitoring/world.ts';

let world: Awaited<ReturnType<typeof startMonitoringWorld>>;
const dr = (...words: string[]) => world.dr(...words);
const flat = (text: string) => text.replace(/\s+/g, ' ');

beforeAll(async () => {
  world = await startMonitoringWorld();
});
afterAll(() => world?.stop());

describe('dr monitor', () => {
  it('says that nothing looks where no monitor ever ran, and how to start it', async () => {
    const { code, out } = await dr('monitor', '-e', 'bare');
    expect(code).toBe(0);
    expect(out).toContain('Nothing looks after bare');
    expect(out).toContain('npx dr monitor start --environment bare');
    expect(out).toContain('npx dr schedules apply --environment bare');
  });

  it('starts the monitor once, and shows what it sees', async () => {
    const first = await dr('monitor', 'start', '-e', 'seen', '--as', 'oncall');
    expect(first.out).toContain('STARTED  the monitor of seen');
    expect((await dr('monitor', 'start', '-e', 'seen', '--as', 'oncall')).out).toContain('runs already');
    const seen = await world.watch('seen');
    seen.break('slow-queries', null);
    await eventually(async () => {
      const { code, out } = await dr('monitor', '-e', 'seen');
      expect(code).toBe(0);
      expect(out).toMatch(/^slow-queries +BAD +slow-queries is bad \(/m);
      expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    });
  });

  it('silences it for a time, says so in every look, and ends that again', async () => {
    await dr('monitor', 'start', '-e', 'quiet', '--as', 'oncall');
    const wrong = await dr('monitor', 'silence', '-e', 'quiet', '--as', 'oncall', '--for', 'long');
    expect(wrong.code).toBe(2);
    expect(flat(wrong.err)).toContain('--for: expected a duration such as 90m or 2h, got "long".');
    expect(flat(wrong.err)).toContain('--reason:');
    const silence = ['monitor', 'silence', '-e', 'quiet', '--reason', 'new database', '--for'];
    const unknown = await dr(...silence, '2h', '--as', 'mallory');
    expect([unknown.code, flat(unknown.out)]).toEqual([2, expect.stringContaining('not in the policy')]);
    expect((await dr(...silence, '2h', '--as', 'oncall')).code).toBe(0);
    for (const command of ['monitor', 'status']) {
      const { out } = await dr(command, '-e', 'quiet');
      expect(flat(out)).toMatch(/SILENCED until .* by oncall: new database\./);
    }
    const { out: json } = await dr('status', '-e', 'quiet', '--json');
    expect(JSON.parse(json)).toMatchObject({ monitor: { silence: { by: 'oncall' }, incident: null } });
    await dr('monitor', 'unsilence', '-e', 'quiet', '--as', 'oncall', '--reason', 'done');
    expect((await dr('monitor', '-e', 'quiet')).out).not.toContain('SILENCED');
  });

  it('stops it, and gives no order to one that does not run', async () => {
    await dr('monitor', 'start', '-e', 'ended', '--as', 'oncall');
    const stopped = await dr('monitor', 'stop', '-e', 'ended', '--as', 'oncall', '--reason', 'it moves');
    expect(stopped.code).toBe(0);
    await eventually(async () =>
      expect((await dr('monitor', '-e', 'ended')).out).toContain('Monitor of ended: STOPPED'),
    );
    const late = await dr('monitor', 'unsilence', '-e', 'ended', '--as', 'oncall', '--reason', 'late');
    expect(late.code).toBe(2);
    expect(flat(late.err)).toContain('No monitor of ended runs.');
  });
});

describe('dr report-incident', () => {
  it('names everything that is wrong with the input at once', async () => {
    const { code, err } = await dr('report-incident', 'mood', '--scenario', 'doom', '--since', 'today');
    expect(code).toBe(2);
    for (const problem of ['signal: "mood" is none', '"doom" has no runbook', '--since', '--reason']) {
      expect(flat(err)).toContain(problem);
    }
  });

  it('has the monitor propose what fits, which is begun by the command that is shown', async () => {
    const told = await dr(
      ...['report-incident', '--scenario', 'data-loss', '--reason', 'sales are gone', '--as', 'oncall'],
      ...['-e', 'told', '--since', '2025-11-29T03:12:00Z'],
    );
    expect(told.code).toBe(0);
    const watched = await world.watch('told');
    const open = await watched.proposed('data-loss');
    expect(await watched.incidents()).toMatchObject([
      { target: { kind: 'just-before', moment: '2025-11-29T03:12:00.000Z' } },
    ]);
    const { out } = await dr('status', '-e', 'told');
    expect(out).toContain('INCIDENT  data-loss');
    expect(flat(out)).toContain('oncall reports: sales are gone');
    expect(out).toContain('Start this recovery: data-loss?');
    const command = `npx dr approve --environment told --decision ${open.id} --as NAME`;
    expect(flat(out).replaceAll('\\ ', '')).toContain(command);
    expect(watched.done).toEqual(['data-loss: look']);

    const unnamed = await dr('approve', '-e', 'told', '--as', 'admin');
    expect(unnamed.code).toBe(2);
    const approved = await dr('approve', '-e', 'told', '--decision', open.id, '--as', 'admin');
    expect(approved.code).toBe(0);
    expect(await watched.recovery.result()).toMatchObject({ outcome: 'recovered' });
  });
});
