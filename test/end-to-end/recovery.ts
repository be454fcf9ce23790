import { randomUUID } from 'node:crypto';
import { WorkflowFailedError, type WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client';
import { CancelledFailure } from '@temporalio/common';
import type {
  Answer,
  AnswerKind,
  DecisionRecord,
  OpenDecision,
} from '../../workflows/contracts/decisions.ts';
import type { RecoveryInput, RepairInput } from '../../workflows/contracts/inputs.ts';
import { answerSignals, reportQuery, statusQuery } from '../../workflows/contracts/messages.ts';
import {
  type RunnableScenario,
  recoveryWorkflowId,
  scenarioWorkflows,
  taskQueue,
} from '../../workflows/contracts/names.ts';
import type { TargetRequest } from '../../workflows/contracts/recovery-point.ts';
import type { RecoveryReport } from '../../workflows/contracts/report.ts';
import type { RecoveryStatus, StepRecord } from '../../workflows/contracts/status.ts';
import type { SandboxProduction } from '../sandbox/index.ts';
import { eventually } from './condition.ts';

type RecoveryWorkflow = (input: RecoveryInput | RepairInput) => Promise<RecoveryReport>;

const environment = 'sandbox';
/** A step may spend minutes on its retries before it asks. */
const patienceMs = 300_000;
/** What is asked stays asked. Each look costs the worker and Temporal more than 10 ms of a core. */
const lookForDecisionEveryMs = 250;

/** A recovery as the people around it see it: by status, signals and result. */
export class Recovery {
  readonly workflowId = recoveryWorkflowId(environment);
  readonly runId: string;
  private readonly sandbox: SandboxProduction;
  private readonly answered = new Set<string>();

  constructor(sandbox: SandboxProduction, runId: string) {
    this.sandbox = sandbox;
    this.runId = runId;
  }

  /** Starts a data-loss recovery, as on-call does. */
  static async start(
    sandbox: SandboxProduction,
    input: {
      readonly target: TargetRequest;
      readonly incidentAt?: string;
      readonly startedBy?: string;
    },
  ): Promise<Recovery> {
    const { target, incidentAt = null, startedBy = 'oncall' } = input;
    const reason = 'rows are missing';
    return Recovery.launch(sandbox, { environment, startedBy, reason, incidentAt, target });
  }

  /** Starts the workflow with whatever input. Rejects when another recovery holds the environment. */
  static async launch(
    sandbox: SandboxProduction,
    input: RecoveryInput | RepairInput,
    scenario: RunnableScenario = 'data-loss',
  ): Promise<Recovery> {
    const { workflow } = sandbox.temporal.environment.client;
    const handle: WorkflowHandleWithFirstExecutionRunId<RecoveryWorkflow> =
      await workflow.start<RecoveryWorkflow>(scenarioWorkflows[scenario], {
        workflowId: recoveryWorkflowId(environment),
        taskQueue,
        workflowIdConflictPolicy: 'FAIL',
        args: [input],
      });
    return new Recovery(sandbox, handle.firstExecutionRunId);
  }

  /** The run in Temporal. */
  get handle() {
    const { workflow } = this.sandbox.temporal.environment.client;
    return workflow.getHandle<RecoveryWorkflow>(this.workflowId, this.runId);
  }

  /** How it stands; waits for a worker that answers. */
  status(): Promise<RecoveryStatus> {
    return eventually('a worker that answers the status query', () => this.peek());
  }

  /** How it stands, or `undefined` while nobody answers. */
  async peek(): Promise<RecoveryStatus | undefined> {
    const { client } = this.sandbox.temporal.environment;
    try {
      return await client.withDeadline(Date.now() + 5_000, () => this.handle.query(statusQuery));
    } catch {
      return undefined;
    }
  }

  /** Waits until the status says so. */
  until(
    what: string,
    fits: (status: RecoveryStatus) => boolean,
    deadlineMs?: number,
  ): Promise<RecoveryStatus> {
    return eventually(
      what,
      async () => {
        const status = await this.peek();
        return status !== undefined && fits(status) ? status : undefined;
      },
      deadlineMs,
    );
  }

  /** Waits until a step is in one of these states. */
  untilStep(id: string, ...states: StepRecord['state'][]): Promise<RecoveryStatus> {
    return this.until(`step ${id} ${states.join(' or ')}`, ({ steps }) =>
      steps.some((step) => step.id === id && states.includes(step.state)),
    );
  }

  /** The next decision that was not answered here yet, whatever it is; `undefined` when the run ended instead. */
  next(): Promise<OpenDecision | 'ended'> {
    return eventually(
      'a decision that is asked for',
      async () => {
        const status = await this.peek();
        if (status?.outcome !== undefined && status.outcome !== null) return 'ended';
        const open = status?.open;
        return open === null || open === undefined || this.answered.has(open.id) ? undefined : open;
      },
      patienceMs,
      lookForDecisionEveryMs,
    );
  }

  /**
   * Waits until exactly this is asked.
   *
   * @throws Error when something else is asked, with the facts of that
   */
  async asked(kind: OpenDecision['kind'], step: string): Promise<OpenDecision> {
    const open = await this.next();
    if (open !== 'ended' && open.kind === kind && open.step === step) return open;
    throw new Error(`Expected ${kind} of ${step}, found ${JSON.stringify(open, null, 1)}`);
  }

  /** Sends an answer and waits for its verdict. */
  async answer(
    kind: AnswerKind,
    payload: Omit<Answer, 'by'> & { readonly by?: string },
  ): Promise<DecisionRecord> {
    const id = payload.id ?? randomUUID();
    await this.handle.signal(answerSignals[kind], { by: 'admin', ...payload, id });
    const record = await this.verdict(id);
    if (record.accepted && record.decision !== null) this.answered.add(record.decision);
    return record;
  }

  /** Leaves a decision unanswered: `next` passes over it. */
  leave(open: OpenDecision): void {
    this.answered.add(open.id);
  }

  /** The recorded verdict on the answer with this id. */
  verdict(id: string): Promise<DecisionRecord> {
    return eventually(`a verdict on answer ${id}`, async () =>
      (await this.peek())?.decisions.find((record) => record.id === id),
    );
  }

  /** What a complete approval of this decision says. */
  approvalOf(open: OpenDecision): Answer & { readonly decision: string } {
    return {
      by: 'admin',
      decision: open.id,
      workflowId: this.workflowId,
      runId: this.runId,
      step: open.step,
      digest: open.digest ?? '',
    };
  }

  /** Waits for the gate of a step and approves it as the second person. */
  async approve(step = 'restore-database'): Promise<OpenDecision> {
    const open = await this.asked('approval', step);
    await this.accepted('approve', this.approvalOf(open));
    return open;
  }

  /** Waits for a manual step and confirms it. */
  async confirm(step = 'confirm-restored-data'): Promise<void> {
    const open = await this.asked('manual-step', step);
    await this.accepted('confirm', { decision: open.id, reason: 'it is what was wanted' });
  }

  /** Gives an answer that must be accepted. */
  async accepted(kind: AnswerKind, payload: Omit<Answer, 'by'> & { readonly by?: string }): Promise<void> {
    const record = await this.answer(kind, payload);
    if (!record.accepted) throw new Error(`${kind} was refused: ${record.verdict}`);
  }

  /** Does everything from the confirmed data to the end: no mail to users. */
  async finishAfterRestore(): Promise<RecoveryReport> {
    await this.confirm();
    const open = await this.asked('approval', 'tell-users');
    await this.accepted('reject', { decision: open.id, reason: 'nobody needs to know' });
    return this.result();
  }

  /** The report; a run that was cancelled or terminated rejects. */
  result(): Promise<RecoveryReport> {
    return this.handle.result();
  }

  /** The report, also of a run that was cancelled in Temporal, and whether it was. Needs a worker. */
  async end(): Promise<{ readonly report: RecoveryReport; readonly cancelled: boolean }> {
    try {
      return { report: await this.result(), cancelled: false };
    } catch (error) {
      if (!(error instanceof WorkflowFailedError && error.cause instanceof CancelledFailure)) throw error;
      const report = await this.handle.query(reportQuery);
      if (report === null) throw error;
      return { report, cancelled: true };
    }
  }

  /** The run that a reset in Temporal made of this one. */
  inRun(runId: string): Recovery {
    return new Recovery(this.sandbox, runId);
  }

  /** How many activities of a type were begun to be asked for, by the history. */
  async scheduled(activityType: string): Promise<number> {
    const { events } = await this.handle.fetchHistory();
    return (events ?? []).filter(
      (event) => event.activityTaskScheduledEventAttributes?.activityType?.name === activityType,
    ).length;
  }
}
