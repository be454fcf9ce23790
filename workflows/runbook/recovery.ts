import {
  allHandlersFinished,
  CancellationScope,
  CancelledFailure,
  condition,
  setHandler,
} from '@temporalio/workflow';
import { monitorStarts, type RecoveryInput, type RepairInput } from '../contracts/inputs.ts';
import { reportQuery, statusQuery, undoFactsQuery, withdrawSignal } from '../contracts/messages.ts';
import type { TargetRequest } from '../contracts/recovery-point.ts';
import type { RecoveryReport } from '../contracts/report.ts';
import type { RecoveryOutcome } from '../contracts/status.ts';
import { activities } from './activities.ts';
import { DecisionDesk } from './decision-desk.ts';
import { recoveryDocument } from './documents/recovery.ts';
import { explainFailure } from './failure.ts';
import { continueAsOtherScenario } from './hand-over.ts';
import { Measures } from './measures.ts';
import { Notices } from './notices.ts';
import { payloadText } from './payload-text.ts';
import { repairMeasures } from './repair.ts';
import { buildReport } from './report.ts';
import { type FactsPatch, type HandOver, isForeseen, type Runbook } from './runbook.ts';
import { goToSafeState } from './safe-state.ts';
import { askOperationsToStandBack } from './stand-back.ts';
import { proposalOf, type StartQuestion } from './start-question.ts';
import { RunState } from './state.ts';
import { stepContext } from './step-context.ts';
import { goOn, type StepOutcome } from './step-outcome.ts';
import { runStep, type StepTools } from './step-runner.ts';

/** How long the end of a run waits for its last mails, ms. */
const lastMailsMs = 60_000;

/**
 * Runs a runbook to one of its ends. The workflow of every scenario is a call of this.
 *
 * @param runbook the declaration
 * @param input a recovery, or the repair of what a terminated run left in force
 * @returns the report; a run that was cancelled in Temporal throws `CancelledFailure` after reaching its safe state, and
 *   one that goes over into another scenario continues as new under the same workflow id
 */
export async function runRecovery(
  runbook: Runbook,
  input: RecoveryInput | RepairInput,
): Promise<RecoveryReport> {
  const root = CancellationScope.current();
  return CancellationScope.nonCancellable(async () => {
    const { environment, startedBy } = input;
    const proposed = 'proposal' in input && input.proposal !== undefined;
    const policy = await activities.governance.admit({ environment, startedBy, proposed });
    const recovery = new Recovery(new RunState({ ...identityOf(input), runbook, policy }), input);
    root.cancelRequested.catch(() => recovery.cancel());
    const report = await recovery.run();
    if (recovery.cancelled) throw new CancelledFailure(report.headline);
    await recovery.goOver();
    return report;
  });
}

function identityOf(input: RecoveryInput | RepairInput) {
  const { environment, startedBy, reason } = input;
  return { environment, startedBy, reason, incidentAt: 'incidentAt' in input ? input.incidentAt : null };
}

class Recovery {
  private readonly notices: Notices;
  private readonly desk: DecisionDesk;
  private readonly measures: Measures;
  private readonly proposal: StartQuestion | null;
  private report: RecoveryReport | null = null;
  private handOver: HandOver | null = null;
  private stepScope: CancellationScope | null = null;
  /** Where the current plan revision goes. */
  private target: TargetRequest | null = null;
  private readonly state: RunState;
  private readonly input: RecoveryInput | RepairInput;

  constructor(state: RunState, input: RecoveryInput | RepairInput) {
    this.state = state;
    this.input = input;
    this.notices = new Notices(state);
    this.desk = new DecisionDesk(state, this.notices, () => this.stepScope?.cancel());
    this.measures = new Measures(state, this.desk);
    this.proposal = proposalOf(input, state.identity.runbook);
    state.foresees = (step) =>
      isForeseen(step, stepContext({ state, desk: this.desk }, this.input, this.target));
    setHandler(statusQuery, () => state.status());
    setHandler(reportQuery, () => this.report);
    setHandler(undoFactsQuery, () => this.measures.undoFacts);
    setHandler(withdrawSignal, (given: unknown) => this.withdraw(given));
  }

  /** What was not begun yet ends; what was goes on: only a person ends that. */
  private withdraw(given: unknown): void {
    const { proposal } = this;
    const reason = payloadText(given, 'reason');
    if (proposal === null || reason === undefined) return;
    if (proposal.waits) this.desk.requestStop({ by: monitorStarts, reason, cancelled: false });
    else this.state.warn(`The monitor says meanwhile: ${reason}`);
  }

  get cancelled(): boolean {
    return this.desk.stopRequest?.cancelled === true;
  }

  /** The UI's Cancel: the same way to the safe state as an abort. */
  cancel(): void {
    this.desk.requestStop({ by: 'Temporal', reason: 'the run was cancelled', cancelled: true });
  }

  async run(): Promise<RecoveryReport> {
    const judging = new CancellationScope();
    judging
      .run(() => this.desk.judgeAnswers())
      .catch((error: unknown) => {
        if (!(error instanceof CancelledFailure)) this.state.warn(explainFailure(error).happened);
      });
    this.state.publish();
    const end =
      'ofRunId' in this.input
        ? await repairMeasures(this.input, this.tools(this.input, null))
        : await this.followRunbook(this.input);
    this.state.outcome = end.outcome;
    this.state.enter('closed');
    await this.desk.settle();
    const report = await this.leaveReport(end.because);
    await condition(allHandlersFinished);
    await this.desk.settle();
    judging.cancel();
    return report;
  }

  private async followRunbook(
    input: RecoveryInput,
  ): Promise<{ outcome: RecoveryOutcome; because: string | null }> {
    if (this.proposal === null) this.notices.started();
    // While a proposal waits, nothing of it stands in the way of a backup.
    let asked: Promise<void> | null = null;
    const stoodBack = () => {
      asked ??= askOperationsToStandBack(this.state, input.environment);
      return asked;
    };
    if (this.proposal?.waits !== true) void stoodBack();
    this.target = input.target;
    if (input.left !== undefined) this.measures.adopt(input.left);
    if (input.handedOverBy !== undefined) {
      const { scenario, runId, because } = input.handedOverBy;
      this.state.warn(`Run ${runId} (${scenario}) handed over: ${because}`);
      if (this.state.measures.length > 0) {
        const inForce = this.state.measures.map((measure) => measure.inForce).join('; ');
        this.state.warn(`Taken over from it, and still in force: ${inForce}.`);
      }
    }
    for (;;) {
      const tools = this.tools(input, this.target);
      const outcome = await this.runSteps(tools, stoodBack);
      if (outcome.kind === 'go-on') return { outcome: 'recovered', because: null };
      if (outcome.kind === 'hand-over') {
        this.handOver = outcome;
        return { outcome: 'handed-over', because: outcome.because };
      }
      if (outcome.kind === 'safe-state') {
        return { outcome: await goToSafeState(tools), because: outcome.because };
      }
      this.target = outcome.target;
      this.state.beginRevision({ ...this.measures.undoFacts, ...this.keptFromBeforeRewind() });
    }
  }

  /** Continues as the run of the other scenario, when this one found that it is the right one. */
  async goOver(): Promise<void> {
    if (this.handOver === null || 'ofRunId' in this.input) return;
    const input = { ...this.input, ...this.proposal?.asHandedOver() };
    await continueAsOtherScenario(this.handOver, input, this.state, this.measures.undoFacts);
  }

  /** What was found before production was rewound: a later revision can only find what the rewind left. */
  private keptFromBeforeRewind(): FactsPatch {
    if (!this.state.destroyed) return {};
    const { inventory, finalCounts, countsBeforeRewind = finalCounts } = this.state.facts;
    return {
      ...(inventory === undefined ? {} : { inventory }),
      ...(countsBeforeRewind === undefined ? {} : { countsBeforeRewind }),
    };
  }

  /** Checks go on while operations stand back; nothing is changed before they did, or were given up on. */
  private async runSteps(tools: StepTools, stoodBack: () => Promise<void>): Promise<StepOutcome> {
    for (const step of this.state.identity.runbook.steps) {
      const answer = (await this.proposal?.askBefore(step, tools)) ?? goOn;
      if (answer.kind !== 'go-on') return answer;
      if (step.kind !== 'check' && this.proposal?.waits !== true) await stoodBack();
      this.notices.watchRto();
      const outcome = await runStep(step, tools);
      if (outcome.kind !== 'go-on') return outcome;
    }
    return goOn;
  }

  private async leaveReport(because: string | null): Promise<RecoveryReport> {
    const { context } = this.tools(this.input, null);
    const report = buildReport(this.state, this.target, because);
    let storedAt: readonly string[] = [];
    try {
      const stored = await activities.evidence.putReport({
        key: `${context.keyPrefix}/report`,
        document: recoveryDocument(report),
        json: report,
      });
      storedAt = stored.keys;
    } catch (error) {
      this.state.warn(`The report was not stored outside Temporal: ${explainFailure(error).happened}`);
    }
    this.notices.ended({ ...report, storedAt });
    await this.notices.settle(lastMailsMs);
    const final = { ...report, storedAt, status: this.state.status() };
    this.report = final;
    return final;
  }

  private tools(input: RecoveryInput | RepairInput, target: TargetRequest | null): StepTools {
    return {
      state: this.state,
      desk: this.desk,
      measures: this.measures,
      context: stepContext({ state: this.state, desk: this.desk }, input, target),
      cancellable: (work) => this.cancellable(work),
    };
  }

  private async cancellable<T>(work: () => Promise<T>): Promise<T> {
    const scope = new CancellationScope();
    this.stepScope = scope;
    try {
      if (this.desk.stopRequest !== null) scope.cancel();
      return await scope.run(work);
    } finally {
      this.stepScope = null;
    }
  }
}
