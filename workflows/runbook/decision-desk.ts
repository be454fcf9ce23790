import { condition, setHandler, uuid4 } from '@temporalio/workflow';
import {
  type AnswerKind,
  answerKinds,
  type DecisionRecord,
  type OpenDecision,
  type Submission,
} from '../contracts/decisions.ts';
import { answerSignals } from '../contracts/messages.ts';
import type { Phase } from '../contracts/status.ts';
import { activities } from './activities.ts';
import { forecastInOneLine } from './forecast-text.ts';
import { duration, utc } from './format.ts';
import type { Notices } from './notices.ts';
import { payloadText } from './payload-text.ts';
import { now, type RunState } from './state.ts';

/** What is asked; the desk adds id, times and the way it is answered. */
export type Question = Omit<OpenDecision, 'id' | 'openedAt' | 'expiresAt' | 'consequences' | 'answers'> & {
  /** Each possible answer and what it leads to. */
  readonly answers: readonly { readonly kind: AnswerKind; readonly leadsTo: string }[];
};

/** How a question ended. `stopped`: somebody aborted or cancelled the run. `expired`: nobody answered in time. */
export type Answered =
  | { readonly kind: 'answered'; readonly record: DecisionRecord }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'expired' };

/** Why a run is on its way to its safe state. */
export interface StopRequest {
  readonly by: string;
  readonly reason: string;
  /** Cancelled in Temporal rather than aborted by an answer. */
  readonly cancelled: boolean;
}

const waitingPhases: Partial<Record<OpenDecision['kind'], Phase>> = {
  start: 'proposed',
  approval: 'waiting-for-approval',
};

/**
 * Where people's answers come in, one after the other. Every answer is judged in an activity, whatever the state of the
 * run; only an accepted one has an effect.
 */
export class DecisionDesk {
  private readonly inbox: Submission[] = [];
  private readonly seen = new Set<string>();
  private judging = false;
  private accepted: DecisionRecord | null = null;
  private asked = 0;
  private stop: StopRequest | null = null;
  private readonly state: RunState;
  private readonly notices: Notices;
  private readonly onStop: () => void;

  /** @param onStop called once when the run is told to stop, also while no question is open */
  constructor(state: RunState, notices: Notices, onStop: () => void) {
    this.state = state;
    this.notices = notices;
    this.onStop = onStop;
    for (const kind of answerKinds) {
      setHandler(answerSignals[kind], (payload) => this.receive(kind, payload));
    }
  }

  /** The order to stop, if there was one. */
  get stopRequest(): StopRequest | null {
    return this.stop;
  }

  /** Takes an order to stop; the first one counts. */
  requestStop(request: StopRequest): void {
    if (this.stop !== null) return;
    this.stop = request;
    this.state.warn(
      `${request.by} stopped the run (${request.reason}); a destructive call under way is waited for first.`,
    );
    this.onStop();
  }

  /** Judges answers as they come in, for as long as the run lives. Runs beside the steps. */
  async judgeAnswers(): Promise<never> {
    for (;;) {
      await condition(() => this.inbox.length > 0);
      await this.judgeNext();
    }
  }

  /** Waits until every answer that came in has its verdict. */
  async settle(): Promise<void> {
    await condition(() => this.inbox.length === 0 && !this.judging);
  }

  /**
   * Asks a person and waits: reminds and escalates by the policy, never answers itself.
   *
   * @param question what is asked
   * @param mayStop whether an order to stop ends the question; not so while measures are being undone
   */
  async ask(question: Question, mayStop = true): Promise<Answered> {
    const { approval, objectives } = this.state.identity.policy;
    const { rtoMs } = objectives[this.state.identity.runbook.scenario];
    this.asked += 1;
    const openedAtMs = Date.now();
    const { answers, facts, ...rest } = question;
    const open: OpenDecision = {
      ...rest,
      facts: [...facts, ...this.recoveryTimeSoFar(openedAtMs)],
      id: `${question.step}-r${this.state.revision}-q${this.asked}`,
      answers: answers.map(({ kind }) => kind),
      consequences: answers.map(({ leadsTo }) => leadsTo),
      openedAt: now(),
      expiresAt: question.kind === 'approval' ? new Date(openedAtMs + approval.expireMs).toISOString() : null,
    };
    this.accepted = null;
    this.state.open = open;
    const phaseBefore = this.state.currentPhase;
    const stepBefore = this.state.stepState(question.step) ?? 'running';
    this.state.updateStep(question.step, { state: 'waiting' });
    this.state.enter(waitingPhases[question.kind] ?? 'waiting-for-decision');
    this.notices.decisionOpened(open);
    this.notices.watchRto();

    const answered = () => this.accepted !== null || (mayStop && this.stop !== null);
    const expiresAfterMs = question.kind === 'approval' ? approval.expireMs : Number.POSITIVE_INFINITY;
    const marks = [
      {
        afterMs: rtoMs * approval.remindAtRtoFraction,
        atEnd: 'remind',
        notice: () => this.notices.reminder(open),
      },
      {
        afterMs: rtoMs * approval.escalateAtRtoFraction,
        atEnd: 'escalate',
        notice: () => this.notices.escalation(open),
      },
      ...this.tooLate(openedAtMs),
    ]
      .filter(({ afterMs }) => afterMs < expiresAfterMs)
      .sort((a, b) => a.afterMs - b.afterMs);
    let waitedMs = 0;
    for (const { afterMs, atEnd, notice } of marks) {
      if (answered() || (await this.answeredWithin(afterMs - waitedMs, open, atEnd, answered))) break;
      waitedMs = afterMs;
      notice();
    }
    const inTime =
      answered() ||
      (question.kind === 'approval'
        ? await this.answeredWithin(approval.expireMs - waitedMs, open, 'the question expires', answered)
        : await this.waitOn(open, answered));

    this.state.open = null;
    this.state.addWait(question.step, Date.now() - openedAtMs);
    this.state.updateStep(question.step, { state: stepBefore });
    this.state.enter(phaseBefore);
    if (this.accepted !== null) return { kind: 'answered', record: this.accepted };
    return inTime ? { kind: 'stopped' } : { kind: 'expired' };
  }

  /** Nobody may have heard of what a monitor proposes: they are reminded for as long as it waits. */
  private async waitOn(open: OpenDecision, answered: () => boolean): Promise<true> {
    const { expireMs } = this.state.identity.policy.approval;
    if (open.kind === 'start') {
      while (!(await this.answeredWithin(expireMs, open, 'remind', answered))) this.notices.reminder(open);
    } else {
      await condition(answered);
    }
    return true;
  }

  /** @param atEnd what happens where nobody answers in time: Temporal's Web UI shows it at the timer */
  private answeredWithin(
    limitMs: number,
    { kind, step }: OpenDecision,
    atEnd: string,
    answered: () => boolean,
  ): Promise<boolean> {
    const summary = `waiting for a person: ${kind}, ${step}; then: ${atEnd}`;
    return condition(answered, Math.max(1, limitMs), { summary });
  }

  /** When an answer cannot keep the RTO any more: everybody hears of it then. */
  private tooLate(openedAtMs: number): { afterMs: number; atEnd: string; notice: () => void }[] {
    const answerBy = this.state.status().rtoForecast?.answerBy ?? null;
    const afterMs = answerBy === null ? 0 : Date.parse(answerBy) + 1 - openedAtMs;
    if (!this.notices.watchesRto || afterMs <= 0) return [];
    return [{ afterMs, atEnd: 'warn that the RTO will be missed', notice: () => this.notices.watchRto() }];
  }

  private recoveryTimeSoFar(nowMs: number): OpenDecision['facts'] {
    const { incidentAt, objective, rtoForecast = null } = this.state.status();
    const elapsedMs = incidentAt === null ? null : nowMs - Date.parse(incidentAt);
    return [
      {
        label: 'Recovery time when asked',
        value:
          elapsedMs === null ? 'unknown' : `${duration(elapsedMs)} of ${duration(objective.rtoMs)} (RTO)`,
      },
      ...(rtoForecast === null
        ? []
        : [{ label: 'Foreseen when asked', value: forecastInOneLine(rtoForecast) }]),
      ...(rtoForecast?.verdict === 'in-time'
        ? [{ label: 'Answer by', value: `${utc(rtoForecast.answerBy)}, or the RTO is missed` }]
        : []),
    ];
  }

  private receive(kind: AnswerKind, payload: unknown): void {
    const id = payloadText(payload, 'id') ?? uuid4();
    if (this.seen.has(id)) return;
    this.seen.add(id);
    this.inbox.push({ kind, id, receivedAt: now(), payload });
  }

  private async judgeNext(): Promise<void> {
    const submission = this.inbox.shift();
    if (submission === undefined) return;
    this.judging = true;
    const { identity } = this.state;
    const open = this.accepted === null ? this.state.open : null;
    const verdict = await activities.governance.judgeAnswer({
      submission,
      open,
      policy: identity.policy,
      startedBy: identity.startedBy,
      stepIds: identity.runbook.steps.map((step) => step.id),
    });
    const record = this.stillOpen(verdict, open) ? verdict : closedMeanwhile(verdict);
    this.state.decisions.push(record);
    if (record.accepted) this.deliver(record);
    this.judging = false;
    this.state.publish();
  }

  private stillOpen(verdict: DecisionRecord, open: OpenDecision | null): boolean {
    return !verdict.accepted || verdict.kind === 'abort' || this.state.open?.id === open?.id;
  }

  private deliver(record: DecisionRecord): void {
    if (record.breakGlass !== null) this.notices.glassBroken(record);
    if (record.kind === 'abort') {
      this.requestStop({ by: record.by, reason: record.reason ?? '', cancelled: false });
    } else {
      this.accepted = record;
    }
  }
}

function closedMeanwhile(verdict: DecisionRecord): DecisionRecord {
  return { ...verdict, accepted: false, verdict: 'The question closed while the answer was being judged.' };
}
