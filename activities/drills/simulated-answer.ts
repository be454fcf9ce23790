import type { Answer, AnswerKind, OpenDecision } from '../../workflows/contracts/decisions.ts';
import { simulatedAnswerPrefix } from '../../workflows/contracts/drills.ts';

/** An answer as it is sent. */
export interface SimulatedAnswer {
  readonly kind: AnswerKind;
  readonly answer: Answer;
}

/** How often a failed step is tried again before a drill gives up. */
const retries = 2;

/**
 * What a drill answers in the name of a participant, marked as simulated; null for what only a person may answer. It
 * approves exactly the plan that is asked about, by the same signal as a person, and writes to no user.
 *
 * @param timesAsked how often this step has failed in this recovery, this time included
 */
export function simulatedAnswer(
  open: OpenDecision,
  timesAsked: number,
  {
    by,
    drillId,
    workflowId,
    runId,
  }: {
    readonly by: string;
    readonly drillId: string;
    readonly workflowId: string;
    readonly runId: string;
  },
): SimulatedAnswer | null {
  const kind = kindFor(open, timesAsked);
  if (kind === null || !open.answers.includes(kind)) return null;
  return {
    kind,
    answer: {
      by,
      id: `${simulatedAnswerPrefix}${open.id}`.slice(0, 100),
      decision: open.id,
      workflowId,
      runId,
      step: open.step,
      ...(open.digest === null ? {} : { digest: open.digest }),
      reason: `SIMULATED by ${drillId}: ${because[kind]}`,
    },
  };
}

const because: Readonly<Partial<Record<AnswerKind, string>>> = {
  approve: 'a drill approves the plan as it stands',
  reject: 'a drill writes to no user',
  confirm: 'nobody did this; in an incident a person does',
  retry: 'tried again',
  abort: `failed ${retries + 1} times`,
};

function kindFor({ kind, step }: OpenDecision, timesAsked: number): AnswerKind | null {
  switch (kind) {
    case 'start':
      return 'approve';
    case 'approval':
      return step === 'tell-users' ? 'reject' : 'approve';
    case 'manual-step':
      return 'confirm';
    case 'failed-step':
    case 'failed-undo':
      return timesAsked <= retries ? 'retry' : 'abort';
    case 'restore-unproved':
      return null;
  }
}
