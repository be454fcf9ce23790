import { condition } from '@temporalio/workflow';
import type { DecisionRecord, OpenDecision } from '../contracts/decisions.ts';
import type { RecoveryReport } from '../contracts/report.ts';
import { activities } from './activities.ts';
import { answerCommands, temporalApprovalCommand } from './commands.ts';
import { explainFailure } from './failure.ts';
import { forecastInOneLine, missInOneLine } from './forecast-text.ts';
import { duration, utc } from './format.ts';
import type { RunState } from './state.ts';

/**
 * Mails of the run to the team and to those who are asked. They are sent beside the run: a mail that cannot be sent
 * becomes a warning and never holds a recovery back.
 */
export class Notices {
  private pending = 0;
  private sequence = 0;
  private toldOfRto = false;
  private readonly state: RunState;

  constructor(state: RunState) {
    this.state = state;
  }

  /** The recovery has begun. */
  started(): void {
    const { title, startedBy, reason, incidentAt, objective, environment } = this.state.status();
    this.send(this.team(), `${title}: recovery started`, [
      `${startedBy} started the recovery "${title}" of ${environment}: ${reason}.`,
      `Incident at ${utc(incidentAt)}. Objective: RTO ${duration(objective.rtoMs)}, RPO ${duration(objective.rpoMs)}.`,
      `Follow it: npx dr watch --environment ${environment}`,
    ]);
  }

  /** Somebody is asked something. */
  decisionOpened(open: OpenDecision): void {
    this.ask(open, this.askedPeople(open), '');
  }

  /** A tenth of the RTO has gone by without an answer. */
  reminder(open: OpenDecision): void {
    this.ask(open, this.askedPeople(open), 'Reminder: ');
  }

  /** A quarter of the RTO has gone by without an answer: everybody hears of it. */
  escalation(open: OpenDecision): void {
    this.ask(open, this.everybody(), 'Nobody has answered: ');
  }

  /**
   * Told once, when it is foreseen that the RTO will be missed and it is not missed yet: everybody who can do something.
   * Looked for between steps, and where a question has been open for so long that an answer comes too late.
   */
  watchRto(): void {
    const { rtoForecast = null } = this.state.status();
    if (this.toldOfRto || !this.watchesRto || rtoForecast === null) return;
    const miss = missInOneLine(rtoForecast);
    if (miss === null) return;
    this.toldOfRto = true;
    const { incidentAt, objective, environment } = this.state.status();
    this.send(this.everybody(), `${this.title()}: the RTO will be missed`, [
      miss,
      `Foreseen: ${forecastInOneLine(rtoForecast)}.`,
      `Incident at ${utc(incidentAt)}. Objective: RTO ${duration(objective.rtoMs)}, used up at ${utc(rtoForecast.deadlineAt)}.`,
      `See it: npx dr status --environment ${environment}`,
    ]);
  }

  /** A run whose policy was recorded before steps were measured foresees nothing: its history has no such mail. */
  get watchesRto(): boolean {
    return this.state.identity.policy.expected.steps !== undefined;
  }

  /** One person approved alone. */
  glassBroken(record: DecisionRecord): void {
    this.send(this.everybody(), `${this.title()}: ${record.by} broke the glass`, [
      `${record.by} approved ${record.step ?? 'a step'} alone at ${utc(record.at)}.`,
      `Reason: ${record.breakGlass ?? ''}`,
    ]);
  }

  /** The run has ended. */
  ended(report: RecoveryReport): void {
    this.send(this.team(), `${this.title()}: ${report.outcome}`, [
      report.headline,
      `RTO ${duration(report.rto.measuredMs)} of ${duration(report.rto.objectiveMs)}, RPO ${duration(report.rpo.measuredMs)} of ${duration(report.rpo.objectiveMs)}, waited for people ${duration(report.waitedForPeopleMs)}.`,
      ...report.status.measures.map(
        (measure) => `Still in force: ${measure.inForce}, since ${utc(measure.since)}.`,
      ),
      `Report: npx dr report --environment ${report.status.environment}`,
    ]);
  }

  /** Waits until every mail is sent or given up, but not longer than `limitMs`. */
  async settle(limitMs: number): Promise<void> {
    if (!(await condition(() => this.pending === 0, limitMs, { summary: 'until every mail is sent' }))) {
      this.state.warn(`${this.pending} mails had not been sent when the run ended.`);
    }
  }

  /** What the monitor proposes reaches people who wait for nothing: by webhook as well. */
  private ask(open: OpenDecision, recipients: readonly string[], lead: string): void {
    const subject = `${lead}${this.title()}: ${subjects[open.kind]}`;
    const lines = this.decisionLines(open);
    this.send(recipients, subject, lines);
    if (open.kind === 'start') this.post(subject, lines);
  }

  private post(subject: string, lines: readonly string[]): void {
    this.pending += 1;
    const text = [`[${this.state.identity.environment}] ${subject}`, ...lines].join('\n');
    activities.webhook
      .postWebhook({ text })
      .catch((error: unknown) => {
        this.state.warn(`"${subject}" was not posted: ${explainFailure(error).happened}`);
      })
      .finally(() => {
        this.pending -= 1;
      });
  }

  private send(recipients: readonly string[], subject: string, lines: readonly string[]): void {
    if (recipients.length === 0) return;
    this.pending += 1;
    this.sequence += 1;
    const { workflowId, environment, startedAt } = this.state.status();
    activities.notification
      .mailTeam({
        recipients: [...new Set(recipients)],
        subject: `[${environment}] ${subject}`,
        lines,
        dedupeKey: `${workflowId}/${startedAt}/${this.sequence}`,
      })
      .catch((error: unknown) => {
        this.state.warn(`The mail "${subject}" was not sent: ${explainFailure(error).happened}`);
      })
      .finally(() => {
        this.pending -= 1;
      });
  }

  private decisionLines(open: OpenDecision): string[] {
    const status = this.state.status();
    return [
      open.question,
      ...open.facts.map(({ label, value }) => `${label}: ${value}`),
      ...(status.measures.length > 0
        ? [`In force meanwhile: ${status.measures.map((measure) => measure.inForce).join('; ')}.`]
        : []),
      `Asked at ${utc(open.openedAt)}. ${withoutAnswer(open)}`,
      'Answer with one of:',
      ...answerCommands(open, status.environment),
      ...(open.kind === 'approval'
        ? ['Or without the dr command:', temporalApprovalCommand(open, status)]
        : []),
    ];
  }

  private title(): string {
    return this.state.identity.runbook.title;
  }

  private team(): readonly string[] {
    return this.state.identity.policy.mail.team;
  }

  private askedPeople(open: OpenDecision): string[] {
    const { people } = this.state.identity.policy;
    if (open.kind === 'start') return this.everybody();
    const asked = open.kind === 'approval' ? people.filter((person) => person.mayApprove) : people;
    return asked.map((person) => person.email);
  }

  private everybody(): string[] {
    const { people, mail } = this.state.identity.policy;
    return [...people.map((person) => person.email), ...mail.team];
  }
}

/** What happens when nobody answers. */
function withoutAnswer(open: OpenDecision): string {
  if (open.kind === 'start') return 'Without an answer nothing is changed, and it stays proposed.';
  if (open.expiresAt === null) return 'Without an answer the run waits, and what is in force stays in force.';
  const rejected = open.consequences[open.answers.indexOf('reject')] ?? 'the run goes to its safe state';
  return `Without an answer by ${utc(open.expiresAt)}: ${rejected}.`;
}

const subjects = {
  start: 'the monitor proposes this recovery; shall it begin?',
  approval: 'your approval is needed',
  'failed-step': 'a step failed, a decision is needed',
  'manual-step': 'a person must do something',
  'restore-unproved': 'was the restore accepted? A decision is needed',
  'failed-undo': 'a measure could not be taken back',
} as const satisfies Record<OpenDecision['kind'], string>;
