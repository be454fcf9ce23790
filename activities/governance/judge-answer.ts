import { activityInfo } from '@temporalio/activity';
import { z } from 'zod';
import type { DecisionRecord, OpenDecision, Submission } from '../../workflows/contracts/decisions.ts';
import type { Policy } from '../../workflows/contracts/policy.ts';
import { isUnreadable, unreadableVerdict } from '../../workflows/contracts/unreadable.ts';

const momentWithOffset = z.iso.datetime({ offset: true });
const sentence = z.string().trim().min(1).max(1000);

const answerSchema = z.object({
  by: z.string().trim().min(1).max(100),
  id: z.string().max(100).optional(),
  decision: z.string().max(200).optional(),
  workflowId: z.string().max(200).optional(),
  runId: z.string().max(100).optional(),
  step: z.string().max(100).optional(),
  digest: z.string().max(64).optional(),
  reason: sentence.optional(),
  breakGlass: sentence.optional(),
  target: z.object({ kind: z.enum(['at', 'just-before']), moment: momentWithOffset }).optional(),
});

type ParsedAnswer = z.infer<typeof answerSchema>;

/** What an answer is judged against: the state of the run when it came up for judgement. */
export interface JudgementInput {
  readonly submission: Submission;
  readonly open: OpenDecision | null;
  readonly policy: Policy;
  readonly startedBy: string;
  readonly stepIds: readonly string[];
}

/** A reason to refuse, or null. */
type Rule = (
  answer: ParsedAnswer,
  input: JudgementInput,
  execution: { workflowId: string; runId: string },
) => string | null;

const rules: readonly Rule[] = [
  knownPerson,
  thisRun,
  knownStep,
  reasonGiven,
  decisionIsOpen,
  answerFits,
  targetGiven,
  exactlyThisPlan,
  secondPerson,
];

/**
 * Judges one answer of a person. Done in an activity because the verdict depends on the run id, which changes at a
 * reset, and because a recorded verdict never changes when the rules do.
 *
 * @param input the answer as received and what it is judged against
 * @returns the verdict; a refusal is a verdict, not an error
 */
export async function judgeAnswer(input: JudgementInput): Promise<DecisionRecord> {
  const { workflowId = '', runId = '' } = activityInfo().workflowExecution ?? {};
  const { submission } = input;
  if (isUnreadable(submission.payload)) {
    return record(input, {}, runId, unreadableVerdict);
  }
  const parsed = answerSchema.safeParse(submission.payload);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(
      (issue) => `${issue.path.join('.') || 'payload'}: ${issue.message}`,
    );
    return record(input, {}, runId, `It cannot be read: ${problems.join('; ')}.`);
  }
  const answer = parsed.data;
  for (const rule of rules) {
    const refusal = rule(answer, input, { workflowId, runId });
    if (refusal !== null) return record(input, answer, runId, refusal);
  }
  return record(input, answer, runId, null);
}

function record(
  { submission }: JudgementInput,
  answer: Partial<ParsedAnswer>,
  runId: string,
  refusal: string | null,
): DecisionRecord {
  return {
    id: submission.id,
    kind: submission.kind,
    decision: answer.decision ?? null,
    step: answer.step ?? null,
    by: answer.by ?? 'unknown',
    at: submission.receivedAt,
    accepted: refusal === null,
    verdict: refusal ?? (answer.breakGlass ? 'Accepted: one person alone broke the glass.' : 'Accepted.'),
    reason: answer.reason ?? null,
    breakGlass: answer.breakGlass ?? null,
    target: answer.target ?? null,
    runId,
  };
}

function knownPerson(answer: ParsedAnswer, { policy }: JudgementInput): string | null {
  return policy.people.some((person) => person.name === answer.by)
    ? null
    : `${answer.by} is not in the policy; it knows ${policy.people.map((person) => person.name).join(', ')}.`;
}

function thisRun(
  answer: ParsedAnswer,
  _input: JudgementInput,
  execution: { workflowId: string; runId: string },
): string | null {
  if (answer.workflowId !== undefined && answer.workflowId !== execution.workflowId) {
    return `It names workflow ${answer.workflowId}; this is ${execution.workflowId}.`;
  }
  if (answer.runId !== undefined && answer.runId !== execution.runId) {
    return `It was given to run ${answer.runId}; this is run ${execution.runId}. Look at the plan again and answer anew.`;
  }
  return null;
}

function knownStep(answer: ParsedAnswer, { stepIds }: JudgementInput): string | null {
  return answer.step === undefined || stepIds.includes(answer.step)
    ? null
    : `There is no step ${answer.step}; the steps are ${stepIds.join(', ')}.`;
}

function reasonGiven(answer: ParsedAnswer, { submission }: JudgementInput): string | null {
  const needsReason = ['reject', 'replan', 'skip', 'go-over', 'abort', 'confirm'].includes(submission.kind);
  return needsReason && answer.reason === undefined ? `To ${submission.kind} needs a reason.` : null;
}

function decisionIsOpen(answer: ParsedAnswer, { submission, open }: JudgementInput): string | null {
  if (submission.kind === 'abort') return null;
  if (open === null) return `Nothing is waiting for an answer, so there is nothing to ${submission.kind}.`;
  if (answer.decision === undefined) return `It does not name a decision; open is ${open.id}.`;
  return answer.decision === open.id
    ? null
    : `Decision ${answer.decision} is not open any more or not yet; open is ${open.id}.`;
}

function answerFits(answer: ParsedAnswer, { submission, open }: JudgementInput): string | null {
  if (submission.kind === 'abort' || open === null) return null;
  if (answer.step !== undefined && answer.step !== open.step) {
    return `It names step ${answer.step}; the open decision is about ${open.step}.`;
  }
  return open.answers.includes(submission.kind)
    ? null
    : `${submission.kind} is no answer to ${open.id}; possible are ${open.answers.join(', ')}.`;
}

function targetGiven(answer: ParsedAnswer, { submission }: JudgementInput): string | null {
  return submission.kind === 'replan' && answer.target === undefined
    ? 'A replan needs the target to go to instead.'
    : null;
}

function exactlyThisPlan(answer: ParsedAnswer, { submission, open }: JudgementInput): string | null {
  if (submission.kind !== 'approve' || open?.kind !== 'approval') return null;
  if (answer.workflowId === undefined || answer.runId === undefined || answer.step === undefined) {
    return 'An approval must name workflowId, runId, step, digest and decision.';
  }
  return answer.digest === open.digest
    ? null
    : `The digest is not that of the plan that is asked about (${open.digest}); the plan may have changed.`;
}

function secondPerson(
  answer: ParsedAnswer,
  { submission, open, policy, startedBy }: JudgementInput,
): string | null {
  if (submission.kind !== 'approve' || (open?.kind !== 'approval' && open?.kind !== 'start')) return null;
  const person = policy.people.find((candidate) => candidate.name === answer.by);
  if (person?.mayApprove !== true) {
    return `${answer.by} may not approve; the policy lets ${approvers(policy)} approve.`;
  }
  return policy.approval.secondPerson && answer.by === startedBy && answer.breakGlass === undefined
    ? `${answer.by} started this run, and the policy asks for a second person (${approvers(policy, startedBy)}). Alone, break the glass with a reason.`
    : null;
}

function approvers(policy: Policy, except?: string): string {
  const names = policy.people
    .filter((person) => person.mayApprove && person.name !== except)
    .map(({ name }) => name);
  return names.length > 0 ? names.join(', ') : 'nobody';
}
