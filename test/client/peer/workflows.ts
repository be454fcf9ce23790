import {
  condition,
  proxyActivities,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { AnswerKind, DecisionRecord, OpenDecision } from '../../../workflows/contracts/decisions.ts';
import type { PlanInput, RecoveryInput, RepairInput } from '../../../workflows/contracts/inputs.ts';
import {
  answerSignals,
  reportQuery,
  statusQuery,
  undoFactsQuery,
} from '../../../workflows/contracts/messages.ts';
import type { PlanReport, RecoveryReport } from '../../../workflows/contracts/report.ts';
import type {
  Measure,
  Phase,
  RecoveryOutcome,
  RecoveryStatus,
  StepRecord,
} from '../../../workflows/contracts/status.ts';
import type * as peerActivities from './activities.ts';

const { checkTarget } = proxyActivities<typeof peerActivities>({
  startToCloseTimeout: '10 s',
  retry: { maximumAttempts: 1 },
});

const minutes = 60_000;
const digest = 'c0ffee123456'.padEnd(64, '0');
const objective = { rtoMs: 30 * minutes, rpoMs: minutes };
const project = { provider: 'supabase', ref: 'vendhubref', name: 'VendHub', region: 'eu-central-1' };

/** Answers the plan's protocol: fails like the real one where the target cannot be used. */
export async function plan({ scenario, input, checks }: PlanInput): Promise<PlanReport> {
  if (input.target !== null) await checkTarget(input.target.moment);
  return {
    environment: input.environment,
    scenario,
    title: 'Data loss',
    expected: {
      restore: { minMs: 5 * minutes, maxMs: 10 * minutes },
      restoreOwnBackup: { minMs: 40_000, maxMs: 65_000, measured: { runs: 3, of: 'restore tests' } },
    },
    recoveryPoint: {
      project,
      targetUnix: 1_764_385_919,
      window: { earliestUnix: 1_763_781_120, latestUnix: 1_764_385_999 },
      backups: [],
      warnings: [],
    },
    survey:
      checks === 'input'
        ? null
        : {
            targetUnix: 1_764_385_919,
            surveyedAt: '2025-11-29T03:20:00Z',
            tables: [
              {
                table: 'public.sales',
                present: 12_345,
                discarded: 17,
                basis: 'commit-timestamp',
                broughtBack: null,
              },
              { table: 'public.machines', present: 9, discarded: null, basis: 'unknown', broughtBack: null },
            ],
            newestCommitAt: null,
            databaseBytes: 1_234_567,
          },
    objective,
    openRoads: ['edge functions with the service key'],
    safetyCopyLimits: { maxBytes: 20e9, maxDurationMs: 600_000 },
    warnings: ['The objective of 1 min cannot be met: the provider lags about 2 min.'],
    steps: [
      {
        id: 'find-recovery-point',
        kind: 'check',
        title: 'Find the recovery point',
        finding: 'found',
        undo: null,
        expected: null,
      },
      {
        id: 'stop-application',
        kind: 'action',
        title: 'Stop the application',
        finding: null,
        undo: 'Start it again',
        expected: { minMs: 10_000, maxMs: 60_000 },
      },
      {
        id: 'restore-database',
        kind: 'destructive',
        title: 'Restore in place',
        finding: null,
        undo: null,
        expected: { minMs: 5 * minutes, maxMs: 10 * minutes },
      },
    ],
    safeState: {
      beforeDestruction: 'the application as it was found',
      afterDestruction: 'fenced until a person decides',
    },
  };
}

/** Speaks the messages of a recovery without doing one: counterpart of the client under test. */
export async function dataLoss(input: RecoveryInput | RepairInput): Promise<RecoveryReport> {
  const peer = new Peer(input);
  setHandler(statusQuery, () => peer.status());
  setHandler(reportQuery, () => null);
  setHandler(undoFactsQuery, () => ({}));
  for (const kind of ['approve', 'reject', 'retry', 'replan', 'skip', 'abort', 'confirm'] as const) {
    setHandler(answerSignals[kind], (answer) => peer.judge(kind, answer.by, answer.id ?? '', answer));
  }
  if ('ofRunId' in input) return peer.end('undone');
  await peer.goToGate();
  await condition(() => peer.decided !== null);
  return peer.end(peer.decided === 'approve' ? 'recovered' : 'undone');
}

class Peer {
  decided: AnswerKind | null = null;
  private readonly input: RecoveryInput | RepairInput;
  private readonly decisions: DecisionRecord[] = [];
  private readonly startedAt = new Date().toISOString();
  private phase: Phase = 'checking';
  private open: OpenDecision | null = null;
  private measures: Measure[] = [];
  private outcome: RecoveryOutcome | null = null;
  private readonly states: StepRecord['state'][] = ['running', 'pending', 'pending'];

  constructor(input: RecoveryInput | RepairInput) {
    this.input = input;
  }

  async goToGate(): Promise<void> {
    if (this.input.reason.includes('stays before its gate')) await condition(() => this.decided !== null);
    if (this.decided !== null) return;
    this.states.splice(0, 3, 'done', 'done', 'waiting');
    this.measures = [
      { step: 'stop-application', inForce: 'application stopped', since: new Date().toISOString() },
    ];
    this.phase = 'waiting-for-approval';
    upsertSearchAttributes({ DrPhase: [this.phase] });
    this.open = {
      id: 'restore-database-r1-q1',
      kind: 'approval',
      step: 'restore-database',
      stepTitle: 'Restore in place',
      question: 'Restore the database of VendHub in place to 2025-11-29 03:11:59 UTC?',
      facts: [
        { label: 'Rows that are discarded', value: 'public.sales 17, public.machines unknown' },
        { label: 'Safety copy', value: 'NO SAFETY COPY' },
      ],
      answers: ['approve', 'reject', 'replan', 'abort'],
      consequences: [
        'the database is restored',
        'the application as found',
        'another plan',
        'the application as found',
      ],
      digest,
      openedAt: new Date().toISOString(),
      expiresAt: new Date(Date.now() + 60 * minutes).toISOString(),
    };
  }

  judge(
    kind: AnswerKind,
    by: string,
    id: string,
    answer: { decision?: string; step?: string; reason?: string; breakGlass?: string },
  ): void {
    const accepted =
      this.decided === null && (kind === 'abort' || answer.decision === this.open?.id) && by !== 'stranger';
    this.decisions.push({
      id,
      kind,
      decision: answer.decision ?? null,
      step: answer.step ?? null,
      by,
      at: new Date().toISOString(),
      accepted,
      verdict: accepted
        ? 'Accepted.'
        : by === 'stranger'
          ? 'stranger is not in the policy.'
          : 'It is not open.',
      reason: answer.reason ?? null,
      breakGlass: answer.breakGlass ?? null,
      target: null,
      runId: workflowInfo().runId,
    });
    if (!accepted) return;
    this.open = null;
    if (this.input.reason.includes('lingers')) {
      this.phase = 'restoring';
      return;
    }
    this.decided = kind;
  }

  end(outcome: RecoveryOutcome): RecoveryReport {
    this.phase = 'closed';
    this.outcome = outcome;
    if (!this.input.reason.includes('leaves its measures')) this.measures = [];
    this.states.splice(0, 3, 'done', 'done', outcome === 'recovered' ? 'done' : 'rejected');
    const unknown = { measuredMs: null, met: null, basis: 'a stand-in measures nothing' };
    return {
      formatVersion: 1,
      outcome,
      headline: `The stand-in ended: ${outcome}.`,
      status: this.status(),
      finishedAt: new Date().toISOString(),
      restoredToUnix: null,
      rto: { objectiveMs: objective.rtoMs, ...unknown },
      rpo: { objectiveMs: objective.rpoMs, ...unknown },
      waitedForPeopleMs: 0,
      discardedWindow: null,
      tables: [],
      recoveryPoint: null,
      surveyed: null,
      safetyCopies: [],
      verification: null,
      reconciliation: null,
      brokenGlass: [],
      improvements: [],
      restoreMs: null,
      storedAt: [],
    };
  }

  status(): RecoveryStatus {
    const { workflowId, runId } = workflowInfo();
    return {
      environment: this.input.environment,
      scenario: 'data-loss',
      title: 'Data loss',
      workflowId,
      runId,
      startedBy: this.input.startedBy,
      startedAt: this.startedAt,
      incidentAt: 'incidentAt' in this.input ? this.input.incidentAt : null,
      reason: this.input.reason,
      phase: this.phase,
      revision: 1,
      project,
      steps: (
        [
          ['find-recovery-point', 'check', 'Find the recovery point'],
          ['stop-application', 'action', 'Stop the application'],
          ['restore-database', 'destructive', 'Restore in place'],
        ] as const
      ).map(([id, kind, title], index) => ({
        id,
        kind,
        title,
        state: this.states[index] ?? 'pending',
        summary: this.states[index] === 'done' ? `${title}: as it should be` : null,
        startedAt: this.states[index] === 'pending' ? null : this.startedAt,
        finishedAt: this.states[index] === 'done' ? new Date().toISOString() : null,
        waitedForPeopleMs: 0,
        expected: { minMs: 10_000, maxMs: 60_000 },
        failure: null,
      })),
      open: this.open,
      plan:
        this.open === null && this.decisions.length === 0
          ? null
          : {
              digest,
              plan: {
                revision: 1,
                environment: this.input.environment,
                scenario: 'data-loss',
                step: 'restore-database',
                project,
                arguments: { 'target second': '1764385919' },
                safetyCopySha256: null,
                maximumLoss: [
                  { table: 'public.sales', rows: 20 },
                  { table: 'public.machines', rows: null },
                ],
              },
            },
      measures: this.measures,
      decisions: this.decisions,
      warnings: [],
      objective,
      waitedForPeopleMs: 0,
      safeState: 'the application as it was found',
      destroyed: false,
      outcome: this.outcome,
    };
  }
}
