import { defaultActivityInfo, MockActivityEnvironment } from '@temporalio/testing';
import { describe, expect, test } from 'vitest';
import { createGovernanceActivities } from '../../../activities/governance/index.ts';
import type {
  Answer,
  AnswerKind,
  DecisionRecord,
  OpenDecision,
} from '../../../workflows/contracts/decisions.ts';
import type { Policy } from '../../../workflows/contracts/policy.ts';
import { sandboxPolicy } from '../../sandbox/policy.ts';
import { inActivity } from '../in-activity.ts';

const policy: Policy = {
  ...sandboxPolicy,
  people: [
    { name: 'oncall', email: 'oncall@vendhub.local', mayApprove: true },
    { name: 'admin', email: 'admin@vendhub.local', mayApprove: true },
    { name: 'intern', email: 'intern@vendhub.local', mayApprove: false },
  ],
};
const { judgeAnswer } = createGovernanceActivities({ policy, environment: 'production' });
const execution = { workflowId: 'recovery-production', runId: 'run-1' };
const digest = 'd'.repeat(64);

const gate: OpenDecision = {
  id: 'restore-database-r1-q1',
  kind: 'approval',
  step: 'restore-database',
  stepTitle: 'Restore the database in place',
  question: 'Rewind it?',
  facts: [],
  answers: ['approve', 'reject', 'replan', 'abort'],
  consequences: ['', '', '', ''],
  digest,
  openedAt: '2026-01-01T00:00:00.000Z',
  expiresAt: '2026-01-01T04:00:00.000Z',
};
const failedStep: OpenDecision = {
  ...gate,
  id: 'verify-data-r1-q2',
  kind: 'failed-step',
  step: 'verify-data',
  answers: ['retry', 'replan', 'abort'],
  digest: null,
  expiresAt: null,
};
const approval: Answer = { by: 'admin', ...execution, step: gate.step, decision: gate.id, digest };
const target = { kind: 'just-before', moment: '2026-01-01T02:00:00+02:00' } as const;

interface Case {
  readonly kind?: AnswerKind;
  readonly payload: unknown;
  readonly open?: OpenDecision | null;
  readonly policy?: Policy;
  readonly startedBy?: string;
  readonly runId?: string;
}

function judge(given: Case): Promise<DecisionRecord> {
  const environment = new MockActivityEnvironment({
    ...defaultActivityInfo,
    workflowExecution: { ...execution, runId: given.runId ?? execution.runId },
  });
  return inActivity(environment, () =>
    judgeAnswer({
      submission: {
        kind: given.kind ?? 'approve',
        id: 'answer-1',
        receivedAt: '2026-01-01T00:05:00.000Z',
        payload: given.payload,
      },
      open: given.open === undefined ? gate : given.open,
      policy: given.policy ?? policy,
      startedBy: given.startedBy ?? 'oncall',
      stepIds: ['find-recovery-point', 'restore-database', 'verify-data'],
    }),
  );
}

/** The answer without one of its fields. */
function without(field: keyof Answer, answer: Answer = approval): Partial<Answer> {
  return Object.fromEntries(Object.entries(answer).filter(([name]) => name !== field));
}

describe('an answer is accepted', () => {
  test('when a second person approves exactly this plan of exactly this run', async () => {
    expect(await judge({ payload: { ...approval, reason: ' seen ' } })).toEqual({
      id: 'answer-1',
      kind: 'approve',
      decision: gate.id,
      step: gate.step,
      by: 'admin',
      at: '2026-01-01T00:05:00.000Z',
      accepted: true,
      verdict: 'Accepted.',
      reason: 'seen',
      breakGlass: null,
      target: null,
      runId: 'run-1',
    });
  });

  test.for<[string, Case]>([
    [
      'a rejection with a reason',
      { kind: 'reject', payload: { by: 'oncall', decision: gate.id, reason: 'no' } },
    ],
    [
      'a retry without one',
      { kind: 'retry', open: failedStep, payload: { by: 'intern', decision: failedStep.id } },
    ],
    [
      'a replan with a target',
      {
        kind: 'replan',
        open: failedStep,
        payload: { by: 'oncall', decision: failedStep.id, reason: 'r', target },
      },
    ],
    [
      'an abort while nothing is asked',
      { kind: 'abort', open: null, payload: { by: 'oncall', reason: 'stop' } },
    ],
    [
      'an abort that names a decision which closed meanwhile',
      { kind: 'abort', payload: { by: 'oncall', decision: 'older', reason: 'stop' } },
    ],
    [
      'the starter approving where the policy does not ask for a second person',
      {
        payload: { ...approval, by: 'oncall' },
        policy: { ...policy, approval: { ...policy.approval, secondPerson: false } },
      },
    ],
    ['fields that nobody knows', { payload: { ...approval, colour: 'green' } }],
  ])('%s', async ([, given]) => {
    expect(await judge(given)).toMatchObject({ accepted: true, verdict: 'Accepted.' });
  });

  test('with where to go instead', async () => {
    const payload = { by: 'oncall', decision: gate.id, reason: 'earlier', target };
    expect((await judge({ kind: 'replan', payload })).target).toEqual(target);
  });

  test('of the starter alone with a reason to break the glass, which the verdict says', async () => {
    const payload = { ...approval, by: 'oncall', breakGlass: 'nobody else is awake' };
    expect(await judge({ payload })).toMatchObject({
      accepted: true,
      breakGlass: 'nobody else is awake',
      verdict: 'Accepted: one person alone broke the glass.',
    });
  });
});

describe('an answer is refused', () => {
  test.for<[string, Case, string]>([
    ['of a stranger', { payload: { ...approval, by: 'mallory' } }, 'mallory is not in the policy'],
    [
      'of another workflow',
      { payload: { ...approval, workflowId: 'recovery-staging' } },
      'names workflow recovery-staging',
    ],
    [
      'of another run',
      { payload: { ...approval, runId: 'run-0' } },
      'was given to run run-0; this is run run-1',
    ],
    [
      'of the run before a reset',
      { payload: approval, runId: 'run-2' },
      'was given to run run-1; this is run run-2',
    ],
    ['about an unknown step', { payload: { ...approval, step: 'dance' } }, 'There is no step dance'],
    [
      'about another step',
      { payload: { ...approval, step: 'verify-data' } },
      'the open decision is about restore-database',
    ],
    ['while nothing is asked', { payload: approval, open: null }, 'Nothing is waiting for an answer'],
    [
      'without a decision',
      { payload: without('decision') },
      'does not name a decision; open is restore-database-r1-q1',
    ],
    ['about an older decision', { payload: { ...approval, decision: 'old' } }, 'Decision old is not open'],
    [
      'that is none to what is asked',
      { kind: 'skip', payload: { ...approval, reason: 'r' } },
      'possible are approve, reject, replan, abort',
    ],
    [
      'of a failed step by approving it',
      { payload: { ...approval, decision: failedStep.id, step: failedStep.step }, open: failedStep },
      'approve is no answer to verify-data-r1-q2',
    ],
    ['without the digest', { payload: without('digest') }, 'The digest is not that of the plan'],
    [
      'with another digest',
      { payload: { ...approval, digest: 'e'.repeat(64) } },
      'The digest is not that of the plan',
    ],
    [
      'with the beginning of the digest',
      { payload: { ...approval, digest: digest.slice(0, 12) } },
      'The digest is not that of the plan',
    ],
    [
      'of one who may not approve',
      { payload: { ...approval, by: 'intern' } },
      'intern may not approve; the policy lets oncall, admin approve',
    ],
    [
      'of the one who started the run',
      { payload: { ...approval, by: 'oncall' } },
      'asks for a second person (admin)',
    ],
  ])('%s', async ([, given, verdict]) => {
    const record = await judge(given);
    expect(record.accepted).toBe(false);
    expect(record.verdict).toContain(verdict);
  });

  test.for(['workflowId', 'runId', 'step'] as const)('as an approval without %s', async (field) => {
    expect((await judge({ payload: without(field) })).verdict).toBe(
      'An approval must name workflowId, runId, step, digest and decision.',
    );
  });

  test.for(['reject', 'replan', 'skip', 'go-over', 'abort', 'confirm'] as const)(
    'to %s without a reason',
    async (kind) => {
      const open = { ...gate, answers: [kind] };
      expect((await judge({ kind, open, payload: { by: 'admin', decision: gate.id, target } })).verdict).toBe(
        `To ${kind} needs a reason.`,
      );
    },
  );

  test('to replan without a target', async () => {
    const payload = { by: 'admin', decision: gate.id, reason: 'earlier' };
    expect((await judge({ kind: 'replan', payload })).verdict).toBe(
      'A replan needs the target to go to instead.',
    );
  });

  test('of the starter alone who broke the glass over another plan', async () => {
    const payload = { ...approval, by: 'oncall', breakGlass: 'alone', digest: 'e'.repeat(64) };
    expect((await judge({ payload })).accepted).toBe(false);
  });

  test.for<[string, unknown, string]>([
    ['nothing', undefined, 'payload'],
    ['null', null, 'payload'],
    ['text', 'approve', 'payload'],
    ['a list', [approval], 'payload'],
    ['no name', without('by'), 'by'],
    ['an empty name', { ...approval, by: '  ' }, 'by'],
    ['a number for a name', { ...approval, by: 7 }, 'by'],
    ['a digest that is too long', { ...approval, digest: 'd'.repeat(65) }, 'digest'],
    ['an empty reason to break the glass', { ...approval, breakGlass: ' ' }, 'breakGlass'],
    [
      'a moment without an offset',
      { ...approval, target: { kind: 'at', moment: '2026-01-01T00:00:00' } },
      'target.moment',
    ],
    ['a target of another kind', { ...approval, target: { ...target, kind: 'around' } }, 'target.kind'],
  ])('that cannot be read: %s', async ([, payload, field]) => {
    const record = await judge({ payload });
    expect(record.accepted).toBe(false);
    expect(record.verdict).toMatch(/^It cannot be read: /);
    expect(record.verdict).toContain(`${field}: `);
    expect(record).toMatchObject({ by: 'unknown', decision: null, runId: 'run-1' });
  });
});
