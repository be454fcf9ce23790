import type { Proposal, RecoveryInput, RepairInput } from '../contracts/inputs.ts';
import type { Question } from './decision-desk.ts';
import type { Runbook, Step, StepContext } from './runbook.ts';
import type { RunState } from './state.ts';
import { goOn, replanAnswer, type StepOutcome, stopped } from './step-outcome.ts';
import type { StepTools } from './step-runner.ts';

/** What the monitor proposed with a run, and whether a person has begun it. Asked once, before the first change. */
export class StartQuestion {
  private begun: boolean;
  private approvedBy: string | undefined;
  private readonly proposal: Proposal;

  constructor(proposal: Proposal, { unattended = false }: Runbook) {
    this.proposal = proposal;
    this.approvedBy = proposal.approvedBy;
    this.begun = this.approvedBy !== undefined || (unattended && proposal.seen);
  }

  /** Whether nothing may be changed yet. */
  get waits(): boolean {
    return !this.begun;
  }

  /** Asks where this step is the first that is no check; goes on where it was begun already. */
  async askBefore(step: Step, { state, desk, context }: StepTools): Promise<StepOutcome> {
    if (this.begun || step.kind === 'check' || step.when?.(context) === false) return goOn;
    const answer = await desk.ask(this.question(step, state, context));
    if (answer.kind !== 'answered') return stopped(desk) ?? { kind: 'safe-state', because: 'stopped' };
    const { kind, by, reason, target } = answer.record;
    if (kind === 'replan' && target !== null) return { kind: 'replan', target };
    if (kind !== 'approve') return { kind: 'safe-state', because: `rejected by ${by}: ${reason ?? ''}` };
    this.approvedBy = by;
    this.begun = true;
    return goOn;
  }

  /** What the run of another scenario is told: what a person said yes to here is not asked again there. */
  asHandedOver(): Pick<RecoveryInput, 'proposal'> {
    const { approvedBy } = this;
    return { proposal: { ...this.proposal, ...(approvedBy === undefined ? {} : { approvedBy }) } };
  }

  private question(step: Step, state: RunState, context: StepContext): Question {
    const { because, evidence } = this.proposal;
    const { runbook } = state.identity;
    const gate = runbook.steps.find(({ kind, when }) => kind === 'destructive' && when?.(context) !== false);
    const { safeState, steps } = state.status();
    const done = steps.flatMap(({ state: how, title, summary }) =>
      how === 'done' && summary !== null ? [{ label: 'Found', value: `${title}: ${summary}` }] : [],
    );
    return {
      kind: 'start',
      step: step.id,
      stepTitle: step.title,
      question: `Start this recovery: ${runbook.title}?`,
      facts: [
        { label: 'Why', value: because },
        ...evidence.map((value) => ({ label: 'Evidence', value })),
        ...done,
        { label: 'Done first', value: firstChange(step) },
        {
          label: 'Asked again before',
          value: gate?.title ?? 'nothing: it does nothing that cannot be undone',
        },
        { label: 'Changed so far', value: 'nothing' },
      ],
      answers: [
        { kind: 'approve', leadsTo: 'the recovery begins; what cannot be taken back is asked for by itself' },
        {
          kind: 'reject',
          leadsTo: 'the incident is dismissed: nothing was changed, and the same evidence opens no other',
        },
        ...replanAnswer(state),
        { kind: 'abort', leadsTo: safeState },
      ],
      digest: null,
    };
  }
}

/** The question that a run must ask before it changes anything; null where a person started it. */
export function proposalOf(input: RecoveryInput | RepairInput, runbook: Runbook): StartQuestion | null {
  return 'proposal' in input && input.proposal !== undefined
    ? new StartQuestion(input.proposal, runbook)
    : null;
}

function firstChange(step: Step): string {
  const undo = step.kind === 'action' ? step.undo : null;
  return undo == null ? step.title : `${step.title}; it can be taken back: ${undo.title}`;
}
