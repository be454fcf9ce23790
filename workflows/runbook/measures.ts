import type { RecoveryFacts } from '../contracts/facts.ts';
import type { LeftBehind } from '../contracts/inputs.ts';
import type { DecisionDesk } from './decision-desk.ts';
import { explainFailure, failureFacts } from './failure.ts';
import type { ActionStep, FactsPatch, StepContext } from './runbook.ts';
import { now, type RunState } from './state.ts';

/** What the run has changed in production and not yet taken back, oldest first. */
export class Measures {
  private preparedFacts: Partial<RecoveryFacts> = {};
  private readonly state: RunState;
  private readonly desk: DecisionDesk;

  constructor(state: RunState, desk: DecisionDesk) {
    this.state = state;
    this.desk = desk;
  }

  /** The facts that undoing the measures in force needs. */
  get undoFacts(): Partial<RecoveryFacts> {
    return this.preparedFacts;
  }

  /** Takes over what another run left in force. */
  adopt({ measures, facts, destroyed }: LeftBehind): void {
    this.state.measures = [...measures];
    this.state.destroyed = destroyed;
    this.state.facts = { ...this.state.facts, ...facts };
    this.preparedFacts = facts;
  }

  /**
   * Registers a measure before its action begins: an activity may take effect and then time out. In a later plan
   * revision the measure is in force already, and what it found before is kept.
   */
  async register(step: ActionStep, context: StepContext): Promise<void> {
    if (step.undo === null || this.state.measures.some((measure) => measure.step === step.id)) return;
    const prepared: FactsPatch = (await step.undo.prepare?.(context)) ?? {};
    context.note(prepared);
    this.preparedFacts = { ...this.preparedFacts, ...prepared };
    this.state.measures = [
      ...this.state.measures,
      { step: step.id, inForce: step.undo.inForce, since: now() },
    ];
    this.state.publish();
  }

  /** The measures of these steps were taken back by a step of the recovery itself. */
  release(stepIds: readonly string[]): void {
    this.state.measures = this.state.measures.filter((measure) => !stepIds.includes(measure.step));
    this.state.publish();
  }

  /** Takes everything back, newest first. What cannot be taken back is asked about, and stays listed if left. */
  async undoAll(context: StepContext): Promise<void> {
    this.state.enter('undoing');
    for (const measure of [...this.state.measures].reverse()) {
      const step = this.state.identity.runbook.steps.find((candidate) => candidate.id === measure.step);
      if (step?.kind === 'action' && step.undo !== null) await this.undo(step, step.undo.title, context);
    }
  }

  private async undo(step: ActionStep, title: string, context: StepContext): Promise<void> {
    for (;;) {
      try {
        await step.undo?.run(context);
        this.release([step.id]);
        return;
      } catch (error) {
        const failure = explainFailure(error);
        const answer = await this.desk.ask(
          {
            kind: 'failed-undo',
            step: step.id,
            stepTitle: step.title,
            question: `${title}: it failed. What now?`,
            facts: failureFacts(failure),
            answers: [
              { kind: 'retry', leadsTo: 'tries again to take the measure back' },
              {
                kind: 'skip',
                leadsTo: `leaves it in force (${step.undo?.inForce ?? ''}) and goes on undoing the rest`,
              },
            ],
            digest: null,
          },
          false,
        );
        if (answer.kind === 'answered' && answer.record.kind === 'skip') return;
      }
    }
  }
}
