import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DrError } from '../../../activities/errors.ts';
import { answerSignals, withdrawSignal } from '../../../workflows/contracts/messages.ts';
import { foreignPayloads, signalRaw } from '../foreign-payloads.ts';
import { eventually, refusal, startWorld, type World } from './world/index.ts';

const people = ['oncall@vendhub.local', 'admin@vendhub.local'];

describe('the decisions of people', { concurrent: true }, () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world?.stop());

  test('count once, however often the same answer arrives', async () => {
    let failures = 2;
    const run = await world.start({
      on: {
        look: () => {
          failures -= 1;
          if (failures >= 0) throw refusal();
        },
      },
    });
    const { id: decision } = await run.asked('look');
    const answer = { by: 'oncall', id: 'the same', decision };
    await run.handle.signal(answerSignals.retry, answer);
    await run.handle.signal(answerSignals.retry, answer);
    await eventually(async () => expect((await run.status()).open?.id).toBe('look-r1-q2'));
    await run.handle.signal(answerSignals.retry, answer);
    await run.answer('abort');
    const { status } = await run.report();
    expect(status.decisions.map(({ kind }) => kind)).toEqual(['retry', 'abort']);
    expect(run.calls.filter((call) => call === 'look')).toHaveLength(2);
  });

  test('are refused before anything is asked, and do not open the gate later', async () => {
    let goOn = () => {};
    const run = await world.start({
      on: {
        look: () =>
          new Promise<void>((resolve) => {
            goOn = resolve;
          }),
      },
    });
    await eventually(() => expect(run.calls).toContain('look'));
    expect(await run.answer('approve', { decision: 'demolish-r1-q1', step: 'demolish' })).toMatchObject({
      accepted: false,
      verdict: 'Nothing is waiting for an answer, so there is nothing to approve.',
    });
    goOn();
    await run.asked('demolish');
    expect(run.calls).not.toContain('demolish');
    await run.answer('abort');
    await run.report();
  });

  test('leave the gate open when they are refused', async () => {
    const run = await world.start();
    const open = await run.asked('demolish');
    const refused = [
      await run.answer('approve', { by: 'oncall' }),
      await run.answer('approve', { digest: '0'.repeat(64) }),
      await run.answer('approve', { runId: 'another' }),
      await run.answer('approve', { decision: 'demolish-r1-q9' }),
    ];
    expect(refused.map(({ accepted }) => accepted)).toEqual([false, false, false, false]);
    expect((await run.status()).open).toEqual(open);
    expect(run.calls).not.toContain('recheck demolish');
    await run.answer('approve');
    await run.asked('agree');
    await run.answer('abort');
    await run.report();
  });

  test.for(foreignPayloads)(
    'that come as $what are refused as not understood, and the run goes on',
    async ({ payload }) => {
      const run = await world.start();
      const open = await run.asked('demolish');
      for (const { name } of [answerSignals.approve, answerSignals.abort, withdrawSignal]) {
        await signalRaw(run.handle, name, payload);
      }
      await eventually(async () => expect((await run.status()).decisions).toHaveLength(2));
      const status = await run.status();
      expect(status.decisions).toMatchObject(
        ['approve', 'abort'].map((kind) => ({
          kind,
          accepted: false,
          by: 'unknown',
          verdict: 'It cannot be read: it is not JSON in the encoding json/plain.',
        })),
      );
      expect(status.open).toEqual(open);
      expect(run.calls).not.toContain('recheck demolish');
      expect((await run.answer('approve')).accepted).toBe(true);
      await run.asked('agree');
      await run.answer('abort');
      expect(JSON.stringify(await run.report())).not.toContain('mallory');
    },
  );

  test('of one person alone are taken with a reason, mailed to everybody and kept in the report', async () => {
    const run = await world.start();
    await run.asked('demolish');
    const alone = { by: 'oncall', breakGlass: 'nobody answers the telephone' };
    expect((await run.answer('approve', alone)).accepted).toBe(true);
    await run.asked('agree');
    await run.answer('abort');
    const report = await run.report();
    expect(report.brokenGlass).toEqual(['oncall on demolish: nobody answers the telephone']);
    expect(run.mails.find(({ subject }) => subject.includes('broke the glass'))).toMatchObject({
      to: people,
      lines: [expect.stringContaining('oncall'), 'Reason: nobody answers the telephone'],
    });
  });

  test('are asked for with the moment after which they come too late', async () => {
    const run = await world.start({ input: { incidentAt: new Date().toISOString() } });
    const { facts } = await run.asked('demolish');
    expect(facts).toEqual(
      expect.arrayContaining([
        { label: 'Foreseen when asked', value: expect.stringContaining('before the RTO') },
        { label: 'Answer by', value: expect.stringMatching(/ UTC, or the RTO is missed$/) },
      ]),
    );
    await run.answer('abort');
    await run.report();
  });

  test('are hurried once, by mail to everybody, when an answer comes too late for the recovery time', async () => {
    const demolish = { minMs: 110_000, maxMs: 200_000, measured: { runs: 3, of: 'recoveries' } } as const;
    const run = await world.start({
      policy: (policy) => ({
        ...policy,
        expected: { ...policy.expected, steps: { demolish } },
        objectives: { ...policy.objectives, 'data-loss': { rtoMs: 120_000, rpoMs: 0 } },
      }),
      input: { incidentAt: new Date().toISOString() },
    });
    await run.asked('demolish');
    const hurried = () => run.mails.filter(({ subject }) => subject.includes('the RTO will be missed'));
    await eventually(() => expect(hurried()).toHaveLength(1));
    expect(hurried()[0]).toMatchObject({
      to: people,
      lines: expect.arrayContaining([
        expect.stringContaining('answer now: "Demolish down to'),
        expect.stringContaining('medians of 1 measured step'),
      ]),
    });
    expect((await run.status()).rtoForecast).toMatchObject({
      verdict: 'will-be-missed',
      waitsForPeople: ['Demolish the shop', 'Look at the new shop'],
      unknownSteps: ['Inspect the new shop', 'Open the new shop'],
    });
    await run.answer('approve');
    await run.answer('confirm', { decision: (await run.asked('agree')).id });
    await run.asked('announce');
    expect((await run.status()).rtoForecast).toBeNull();
    await run.answer('reject');
    await run.report();
    expect(hurried()).toHaveLength(1);
  });

  test('are asked for by mail, asked for again, and then of everybody; the gate never answers itself', async () => {
    const run = await world.start({
      policy: (policy) => ({
        ...policy,
        people: [...policy.people, { name: 'intern', email: 'intern@vendhub.local', mayApprove: false }],
        objectives: { ...policy.objectives, 'data-loss': { rtoMs: 4_000, rpoMs: 0 } },
      }),
    });
    const open = await run.asked('demolish');
    await eventually(() =>
      expect(run.mails.map(({ to, subject }) => [subject, to])).toEqual([
        ['[rehearsal] Rehearsal: recovery started', ['admin@vendhub.local']],
        ['[rehearsal] Rehearsal: your approval is needed', people],
        ['[rehearsal] Reminder: Rehearsal: your approval is needed', people],
        [
          '[rehearsal] Nobody has answered: Rehearsal: your approval is needed',
          [...people, 'intern@vendhub.local'],
        ],
      ]),
    );
    const lines = run.mails.at(-1)?.lines ?? [];
    expect(lines).toEqual(
      expect.arrayContaining(['Weight: 40 t', expect.stringContaining('npx dr approve')]),
    );
    expect((await run.status()).open).toEqual(open);
    expect(run.calls).not.toContain('demolish');
    await run.answer('abort');
    await run.report();
  });

  test('can be given when no mail can be sent: that is a warning and holds nothing back', async () => {
    const run = await world.start({
      on: {
        mail: () => {
          throw new DrError('mail-refused', refusal().explanation);
        },
      },
    });
    await run.asked('demolish');
    await run.answer('reject');
    const { outcome, status } = await run.report();
    expect(outcome).toBe('undone');
    expect(status.warnings).toEqual([
      'The mail "Rehearsal: recovery started" was not sent: The door is stuck.',
      'The mail "Rehearsal: your approval is needed" was not sent: The door is stuck.',
      'The mail "Rehearsal: undone" was not sent: The door is stuck.',
    ]);
  });

  test('leave a report with the run when it cannot be stored outside of Temporal', async () => {
    const run = await world.start({
      on: {
        'put report': () => {
          throw refusal();
        },
      },
    });
    await run.asked('demolish');
    await run.answer('reject');
    expect(await run.report()).toMatchObject({
      outcome: 'undone',
      storedAt: [],
      status: { warnings: ['The report was not stored outside Temporal: The door is stuck.'] },
    });
  });

  test('are void in a run that was reset in Temporal: an old approval does not open the gate again', async () => {
    const run = await world.start({
      on: {
        demolish: () => {
          throw refusal();
        },
      },
    });
    const first = await run.asked('demolish');
    await run.answer('approve');
    await run.asked('demolish', 'failed-step');

    const events = (await run.handle.fetchHistory()).events ?? [];
    const judging = events.find(
      ({ activityTaskScheduledEventAttributes: scheduled }) =>
        scheduled?.activityType?.name === 'judgeAnswer',
    );
    const acted = events.find(
      ({ workflowTaskCompletedEventAttributes: completed, eventId }) =>
        completed != null && Number(eventId) > Number(judging?.eventId) + 2,
    );
    const { client } = run.handle;
    await client.workflowService.resetWorkflowExecution({
      namespace: 'default',
      workflowExecution: { workflowId: run.handle.workflowId },
      workflowTaskFinishEventId: acted?.eventId ?? null,
      requestId: randomUUID(),
      reason: 'to see what becomes of the approval',
    });

    const again = await world.attach(run);
    const second = await again.asked('demolish');
    expect(second.id).not.toBe(first.id);
    expect((await again.status()).warnings.join()).toContain('after a reset');
    expect(run.calls.filter((call) => call === 'demolish')).toHaveLength(1);
    await again.answer('abort');
    await again.report();
  });
});
