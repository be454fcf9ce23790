import { setCurrentDetails, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import type { DecisionRecord, OpenDecision } from '../contracts/decisions.ts';
import type { DestructivePlan } from '../contracts/evidence.ts';
import type { RecoveryFacts } from '../contracts/facts.ts';
import { searchAttributes } from '../contracts/names.ts';
import type { Policy } from '../contracts/policy.ts';
import type {
  Measure,
  Phase,
  RecoveryOutcome,
  RecoveryStatus,
  StepRecord,
  StepRun,
} from '../contracts/status.ts';
import { recoveredTo } from './clocks.ts';
import { renderDetails } from './details.ts';
import { forecastRto } from './forecast.ts';
import { pendingRecord } from './pending-record.ts';
import type { Runbook, Step } from './runbook.ts';

/** What is the same for the whole life of a run. */
export interface RunIdentity {
  readonly runbook: Runbook;
  readonly policy: Policy;
  readonly environment: string;
  readonly startedBy: string;
  readonly reason: string;
  readonly incidentAt: string | null;
}

/** How a run stands. Every change is published: to the Web UI at once, to `dr status` by query. */
export class RunState {
  facts: Partial<RecoveryFacts> = {};
  revision = 1;
  destroyed = false;
  writersResumed = false;
  open: OpenDecision | null = null;
  plan: { plan: DestructivePlan; digest: string } | null = null;
  outcome: RecoveryOutcome | null = null;
  waitedForPeopleMs = 0;
  readonly decisions: DecisionRecord[] = [];
  readonly warnings: string[] = [];
  /** Facts of earlier revisions, oldest first. */
  readonly earlierFacts: Partial<RecoveryFacts>[] = [];
  measures: Measure[] = [];
  /** Whether a step that is still to come is needed, by what is known now. */
  foresees: (step: Step) => boolean = () => true;
  readonly identity: RunIdentity;
  readonly startedAt = now();
  private readonly records: Map<string, StepRecord>;
  private phase: Phase = 'checking';
  private publishedPhase = '';
  private publishedStep = '';
  private currentStep = '';

  constructor(identity: RunIdentity) {
    this.identity = identity;
    this.records = new Map(
      identity.runbook.steps.map((step) => [step.id, pendingRecord(step, this.identity.policy)]),
    );
  }

  /** Changes one step's record. */
  updateStep(id: string, change: Partial<StepRecord>): void {
    const record = this.records.get(id);
    if (record === undefined) return;
    const runs = runsAfter(record, change, this.revision);
    this.records.set(id, { ...record, ...change, ...(runs.length === 0 ? {} : { runs }) });
    if (change.state === 'running') this.currentStep = id;
    this.publish();
  }

  /** How one step stands. */
  stepState(id: string): StepRecord['state'] | undefined {
    return this.records.get(id)?.state;
  }

  /** Adds time that a person was waited for, to the run and to the step. */
  addWait(stepId: string, ms: number): void {
    this.waitedForPeopleMs += ms;
    const record = this.records.get(stepId);
    if (record === undefined) return;
    const to = now();
    const from = new Date(Date.parse(to) - ms).toISOString();
    this.updateStep(stepId, {
      waitedForPeopleMs: record.waitedForPeopleMs + ms,
      waits: [...(record.waits ?? []), { from, to }],
    });
  }

  /** Enters a phase. */
  enter(phase: Phase): void {
    this.phase = phase;
    this.publish();
  }

  /** The phase the run is in. */
  get currentPhase(): Phase {
    return this.phase;
  }

  /** Says something that on-call should know and that stops nothing. */
  warn(warning: string): void {
    if (!this.warnings.includes(warning)) this.warnings.push(warning);
    this.publish();
  }

  /** Forgets what this revision's steps found, but for what undoing the measures in force needs. */
  beginRevision(kept: Partial<RecoveryFacts>): void {
    this.earlierFacts.push(this.facts);
    this.facts = { ...kept };
    this.plan = null;
    this.revision += 1;
    for (const step of this.identity.runbook.steps) {
      const { waitedForPeopleMs = 0, runs, waits } = this.records.get(step.id) ?? {};
      this.records.set(step.id, {
        ...pendingRecord(step, this.identity.policy),
        waitedForPeopleMs,
        ...(runs === undefined ? {} : { runs }),
        ...(waits === undefined ? {} : { waits }),
      });
    }
    this.publish();
  }

  /** Everything that people see. */
  status(): RecoveryStatus {
    const status = this.known();
    return { ...status, rtoForecast: forecastRto(status, Date.now()) };
  }

  private known(): RecoveryStatus {
    const recovered = recoveredTo(this.facts);
    const { runbook, policy, environment, startedBy, reason, incidentAt } = this.identity;
    const info = workflowInfo();
    return {
      environment,
      scenario: runbook.scenario,
      title: runbook.title,
      workflowId: info.workflowId,
      runId: info.runId,
      startedBy,
      startedAt: this.startedAt,
      incidentAt,
      reason,
      phase: this.phase,
      revision: this.revision,
      project: this.facts.recoveryPoint?.project ?? null,
      steps: runbook.steps.flatMap((step) => this.record(step)),
      open: this.open,
      plan: this.plan,
      measures: this.measures,
      decisions: this.decisions,
      warnings: this.warnings,
      objective: policy.objectives[runbook.scenario],
      waitedForPeopleMs: this.waitedForPeopleMs,
      ...(recovered === null ? {} : { recoveredTo: recovered }),
      ...(this.facts.health === undefined ? {} : { healthySince: this.facts.health.healthySince }),
      safeState: this.safeState(),
      destroyed: this.destroyed,
      outcome: this.outcome,
    };
  }

  /** Shows the state in the Web UI. */
  publish(): void {
    setCurrentDetails(renderDetails(this.status()));
    if (this.phase === this.publishedPhase && this.currentStep === this.publishedStep) return;
    this.publishedPhase = this.phase;
    this.publishedStep = this.currentStep;
    upsertSearchAttributes([
      { key: searchAttributes.phase, value: this.phase },
      { key: searchAttributes.step, value: this.currentStep },
    ]);
  }

  private record(step: Step): StepRecord[] {
    const record = this.records.get(step.id);
    if (record === undefined) return [];
    return [record.state === 'pending' && !this.foresees(step) ? { ...record, foreseen: false } : record];
  }

  private safeState(): string {
    const { safeState } = this.identity.runbook;
    if (!this.destroyed) return safeState.beforeDestruction;
    return this.measures.length === 0
      ? 'nothing is in force any more: the run ends and the environment stays as it is now'
      : safeState.afterDestruction;
  }
}

/** A change that names a start begins another run of the step; one that names an end closes the last. */
function runsAfter(
  { runs = [] }: StepRecord,
  { startedAt, finishedAt }: Partial<StepRecord>,
  revision: number,
): readonly StepRun[] {
  if (typeof startedAt === 'string') return [...runs, { revision, from: startedAt, to: null }];
  const last = runs.at(-1);
  if (typeof finishedAt !== 'string' || last === undefined) return runs;
  return [...runs.slice(0, -1), { ...last, to: finishedAt }];
}

/** The workflow's clock, RFC 3339 UTC. */
export function now(): string {
  return new Date().toISOString();
}
