import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, startMonitoringWorld } from './world.ts';

let world: Awaited<ReturnType<typeof startMonitoringWorld>>;

beforeAll(async () => {
  world = await startMonitoringWorld();
});
afterAll(() => world?.stop());

const until = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();

describe('a crash that the monitor sees', () => {
  it('is recovered without a person, once, and closes its incident', async () => {
    const crash = await world.watch('crash');
    crash.break('health-check', 'application-crash');
    crash.break('error-rate', 'application-crash');
    const [incident] = await eventually(async () => {
      const incidents = await crash.incidents();
      expect(incidents[0]?.ending).toBe('recovered');
      return incidents;
    });
    expect(incident).toMatchObject({ scenario: 'application-crash', environment: 'crash' });
    expect(crash.done).toEqual([
      'application-crash: look',
      'application-crash: change',
      'application-crash: mend',
    ]);
    expect((await crash.recoveryStatus())?.decisions).toEqual([]);
    await eventually(() => {
      // The incident and its recovery mail by themselves: which of the two arrives first is nobody's promise.
      expect(crash.subjects().toSorted()).toEqual([
        'Incident closed: recovered',
        'Incident: application-crash',
        'application-crash: recovered',
      ]);
      expect(crash.posts()).toEqual(['Incident: application-crash', 'Incident closed: recovered']);
    });
    expect(await crash.incidents()).toHaveLength(1);
  });
});

describe('anything else that the monitor sees', () => {
  it('waits with its checks done and nothing changed until a person begins it', async () => {
    const loss = await world.watch('loss');
    loss.break('missing-records', 'data-loss');
    const open = await loss.proposed('data-loss');
    expect(loss.done).toEqual(['data-loss: look']);
    expect(await loss.recoveryStatus()).toMatchObject({ phase: 'proposed', startedBy: 'monitor' });
    expect(open).toMatchObject({
      step: 'change',
      answers: ['approve', 'reject', 'replan', 'abort'],
      digest: null,
      expiresAt: null,
    });
    expect(open.facts).toEqual(
      expect.arrayContaining([
        { label: 'Evidence', value: expect.stringContaining('missing-records is bad') },
        { label: 'Found', value: 'Look around: 7 rows are missing' },
        { label: 'Done first', value: 'Change production; it can be taken back: Change it back' },
      ]),
    );
    await eventually(() => {
      const asked = 'data-loss: the monitor proposes this recovery; shall it begin?';
      expect(loss.subjects().toSorted()).toEqual(['Incident: data-loss', asked]);
      expect(loss.posts().toSorted()).toEqual(['Incident: data-loss', asked]);
    });
    // A proposal may wait for hours: no backup is left out for it.
    expect(await loss.isHeld()).toBe(false);
    const release = loss.hold('data-loss: mend');
    expect(await loss.answer('approve', open)).toMatchObject({ accepted: true });
    await eventually(async () => expect(await loss.isHeld()).toBe(true));
    release();
    expect(await loss.recovery.result()).toMatchObject({ outcome: 'recovered' });
    expect(loss.done).toEqual(['data-loss: look', 'data-loss: change', 'data-loss: mend']);
    await eventually(async () =>
      expect((await loss.incidents()).map(({ ending }) => ending)).toEqual(['recovered']),
    );
  });

  it('is dismissed by a rejection, and opens nothing more until it was seen good', async () => {
    const dismissed = await world.watch('dismissed');
    dismissed.break('missing-records', 'data-loss');
    await dismissed.answer('reject', await dismissed.proposed('data-loss'));
    expect(await dismissed.recovery.result()).toMatchObject({ outcome: 'undone' });
    await eventually(async () => expect((await dismissed.incidents())[0]?.ending).toBe('dismissed'));
    const seenAt = (await dismissed.status()).lookedAt ?? '';
    await eventually(async () => {
      const { lookedAt, open, settled } = await dismissed.status();
      expect((lookedAt ?? '') > seenAt).toBe(true);
      expect(open).toBeNull();
      expect(settled.map(({ signal }) => signal)).toEqual(['missing-records']);
    });
    dismissed.mend('missing-records');
    await eventually(async () => expect((await dismissed.status()).settled).toEqual([]));
    dismissed.break('missing-records', 'data-loss');
    await eventually(async () => expect(await dismissed.incidents()).toHaveLength(2));
    expect(dismissed.done.filter((what) => what !== 'data-loss: look')).toEqual([]);
  });

  it('withdraws itself when the evidence is gone', async () => {
    const gone = await world.watch('gone');
    gone.break('missing-records', 'data-loss');
    await gone.proposed('data-loss');
    gone.mend('missing-records');
    expect(await gone.recovery.result()).toMatchObject({ outcome: 'undone' });
    await eventually(async () => expect((await gone.incidents())[0]?.ending).toBe('false-alarm'));
    expect(gone.done).toEqual(['data-loss: look']);
  });

  it('gives way to what stops the damage sooner, while nothing was begun, in the same incident', async () => {
    const breach = await world.watch('breach');
    breach.break('missing-records', 'data-loss');
    await breach.proposed('data-loss');
    breach.break('roles-and-grants', 'security-breach');
    const open = await breach.proposed('security-breach');
    expect(open.facts.filter(({ label }) => label === 'Evidence')).toHaveLength(2);
    await eventually(async () =>
      expect(await breach.incidents()).toMatchObject([
        { scenario: 'security-breach', alsoPossible: ['data-loss'] },
      ]),
    );
    await eventually(() =>
      expect(breach.subjects()).toContain('Incident: now security-breach, not data-loss'),
    );
  });
});

describe('what speaks for no runbook', () => {
  it('is told once, and starts and ends nothing', async () => {
    const old = await world.watch('old');
    old.break('backup-age', null);
    await eventually(() => expect(old.posts()).toEqual(['Noticed: backup-age']));
    old.break('missing-records', 'data-loss');
    const open = await old.proposed('data-loss');
    expect(open.facts.filter(({ label }) => label === 'Evidence')).toHaveLength(2);
    old.mend('missing-records');
    await eventually(async () => expect((await old.incidents())[0]?.ending).toBe('false-alarm'));
    const seenAt = (await old.status()).lookedAt ?? '';
    await eventually(async () => expect(((await old.status()).lookedAt ?? '') > seenAt).toBe(true));
    expect(old.posts().filter((post) => post?.startsWith('Noticed'))).toEqual(['Noticed: backup-age']);
    expect(await old.incidents()).toHaveLength(1);
  });
});

describe('while a recovery has the environment', () => {
  it('nothing is opened for what a person recovers already, nor for what it leaves behind itself', async () => {
    const byHand = await world.watch('by-hand');
    const release = byHand.hold('data-loss: mend');
    await byHand.startByHand('dataLoss');
    byHand.break('missing-records', 'data-loss');
    byHand.break('health-check', 'application-crash');
    await eventually(async () =>
      expect((await byHand.status()).states.filter(({ trouble }) => trouble)).toHaveLength(2),
    );
    release();
    expect(await byHand.recovery.result()).toMatchObject({ outcome: 'recovered' });
    await eventually(async () =>
      expect((await byHand.status()).states.some(({ trouble }) => trouble)).toBe(false),
    );
    expect(await byHand.incidents()).toEqual([]);
  });

  it('evidence of a breach is told, with the command that lets it end the recovery', async () => {
    const beside = await world.watch('beside');
    const release = beside.hold('application-crash: mend');
    beside.break('health-check', 'application-crash');
    await eventually(() => expect(beside.done).toContain('application-crash: change'));
    beside.break('roles-and-grants', 'security-breach');
    const subject = 'A security breach shows while a recovery runs';
    await eventually(() => expect(beside.subjects()).toContain(subject));
    expect(await beside.mailText(subject)).toContain(
      'npx dr start security-breach --supersede --environment beside',
    );
    expect((await beside.recoveryStatus())?.scenario).toBe('application-crash');
    release();
    await eventually(async () => expect((await beside.incidents())[0]?.ending).toBe('recovered'));
    expect(beside.subjects().filter((told) => told === subject)).toHaveLength(1);
  });

  it('a report is told and opens nothing', async () => {
    const late = await world.watch('late');
    const release = late.hold('data-loss: mend');
    await late.startByHand('dataLoss');
    await eventually(() => expect(late.done).toContain('data-loss: change'));
    await late.order({
      id: 'late',
      kind: 'report',
      by: 'oncall',
      reason: 'customers call',
      through: 'user-report',
      signal: null,
      scenario: 'application-crash',
      since: null,
    });
    await eventually(() =>
      expect(late.posts()).toContain('Reported while a recovery runs: application-crash'),
    );
    release();
    await late.recovery.result();
    expect((await late.status()).open).toBeNull();
  });
});

describe('on top of what a terminated recovery left in force', () => {
  it('nothing is started, and people are told to decide on that first', async () => {
    const left = await world.watch('left');
    const release = left.hold('data-loss: mend');
    await left.startByHand('dataLoss');
    await eventually(() => expect(left.done).toContain('data-loss: change'));
    await left.recovery.terminate('by somebody');
    release();
    left.break('health-check', 'application-crash');
    await eventually(() => expect(left.posts()).toEqual(['Incident: application-crash']));
    expect(await left.mailText('Incident: application-crash')).toContain('NOTHING IS STARTED');
    expect((await left.status()).open).toMatchObject({
      recovery: null,
      heldBack: expect.stringContaining('dr repair'),
    });
    expect(left.done).not.toContain('application-crash: look');
  });
});

describe('from one run of the monitor to the next', () => {
  it('incident, proposal, silence and verdicts are carried', async () => {
    const long = await world.watch('long');
    const first = await long.startShortRuns();
    const order = { by: 'oncall', reason: 'works' } as const;
    long.break('missing-records', 'data-loss');
    const open = await long.proposed('data-loss');
    await long.order({ ...order, id: 'quiet', kind: 'silence', until: until(60) });
    const nextRun = async (after: string) =>
      eventually(async () => {
        const { runId } = await long.monitor.describe();
        expect(runId).not.toBe(after);
        return runId;
      });
    await nextRun(await nextRun(first.firstExecutionRunId));
    expect(await long.status()).toMatchObject({
      open: { incident: { scenario: 'data-loss' }, recovery: { scenario: 'data-loss', withdrawn: null } },
      silence: { by: 'oncall' },
      verdicts: [{ id: 'quiet', accepted: true }],
    });
    expect(await long.incidents()).toHaveLength(1);
    await long.answer('approve', open);
    await eventually(async () => expect((await long.incidents())[0]?.ending).toBe('recovered'));
    await eventually(() =>
      expect(long.subjects().filter((subject) => subject === 'Incident: data-loss')).toHaveLength(1),
    );
  });
});

describe('a monitor that does not move', () => {
  it('gives way to another, which follows what was open, and people are told', async () => {
    const stuck = await world.watch('stuck');
    stuck.break('missing-records', 'data-loss');
    await stuck.proposed('data-loss');
    await stuck.breakMonitor();
    await eventually(async () => {
      await stuck.startMonitor();
      expect(stuck.posts()).toContain('The monitor stood still and was started anew');
    });
    stuck.mend('missing-records');
    await eventually(async () =>
      expect((await stuck.incidents()).map(({ ending }) => ending)).toEqual(['false-alarm']),
    );
  });
});
