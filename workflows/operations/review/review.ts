import { condition, setCurrentDetails, setHandler, sleep, workflowInfo } from '@temporalio/workflow';
import type { OperationInput, OperationRecord } from '../../contracts/operations.ts';
import type { Policy } from '../../contracts/policy.ts';
import {
  attestedSignal,
  type ReviewName,
  type ReviewQuestion,
  type ReviewSpec,
} from '../../contracts/reviews.ts';
import { activities } from '../../runbook/activities.ts';
import { plural, utc } from '../../runbook/format.ts';
import { openIncident } from '../incident.ts';
import { type OperationResult, runOperation } from '../operation.ts';
import { lookAt, needsMending, type ReviewContext } from './checks.ts';
import { answerLines, asCheck, questionsOf, unanswered } from './questions.ts';

/** Between two looks whether a recovery that has the environment is over. */
const afterRecovery = '10 minutes';
/** Longest time between two looks at what was answered, ms: an answer tells a review of itself as a rule. */
const lookEveryMs = 6 * 3_600_000;

/** A review as a declaration. */
interface ReviewWords {
  readonly name: ReviewName;
  readonly title: string;
  /** What it means when it fails, one sentence. */
  readonly failureMeans: string;
}

/**
 * Carries out a review: looks at what the policy lists, asks people the rest, reminds them, tells when it is overdue, looks
 * once more at what failed at first, and leaves a record of who answered what.
 */
export function review(words: ReviewWords, input: OperationInput): Promise<OperationRecord> {
  let attested = 0;
  setHandler(attestedSignal, () => {
    attested += 1;
  });
  return runOperation(
    {
      ...words,
      subjects: { failure: `${words.title}: needs attention`, recovery: `${words.title}: done` },
      work: ({ environment }: OperationInput, policy) =>
        new OpenReview(words, environment, policy, () => attested).carryOut(),
    },
    input,
  );
}

class OpenReview {
  private readonly words: ReviewWords;
  private readonly environment: string;
  private readonly policy: Policy;
  private readonly spec: ReviewSpec;
  /** How many answers came in; grows. */
  private readonly attested: () => number;
  private readonly openedAt = workflowInfo().startTime.toISOString();
  private questions: readonly ReviewQuestion[];
  private mails = 0;

  constructor(words: ReviewWords, environment: string, policy: Policy, attested: () => number) {
    this.words = words;
    this.environment = environment;
    this.policy = policy;
    this.spec = policy.reviews[words.name];
    this.attested = attested;
    this.questions = questionsOf(this.spec, policy, [], this.openedAt);
  }

  async carryOut(): Promise<OperationResult> {
    await this.untilNoRecovery();
    const looked = await lookAt(this.spec.checks, this.context());
    const toMend = looked.filter(needsMending);
    await this.tell('your answers are wanted', [
      `It looked at ${plural(looked.length, 'subject', 'subjects')} by itself; ${toMend.length === 0 ? 'nothing there is wrong.' : `to be mended: ${toMend.map(({ name }) => name).join(', ')}. It looks at these again at its end.`}`,
    ]);
    await this.untilAnswered();
    await this.untilNoRecovery();
    const again = await lookAt(
      toMend.map(({ name }) => name),
      this.context(),
    );
    const checks = [
      ...looked.flatMap((look) => (again.find(({ name }) => name === look.name) ?? look).checks),
      ...this.questions.map(asCheck),
    ];
    const answered = this.questions.length - unanswered(this.questions).length;
    return {
      summary: `${checks.filter(({ passed }) => passed).length} of ${checks.length} as they should be; ${answered} of ${this.questions.length} questions answered`,
      checks,
      details: again.map(
        ({ name, checks: later }) =>
          `${name}: wrong at first, ${needsMending({ name, checks: later }) ? 'and still' : 'mended during the review'}`,
      ),
    };
  }

  private context(): ReviewContext {
    const { environment, policy } = this;
    return { environment, policy, title: this.words.title, runId: workflowInfo().runId };
  }

  /** A recovery changes on purpose what a review looks at. */
  private async untilNoRecovery(): Promise<void> {
    while (await activities.coordination.recoveryRunning({ environment: this.environment })) {
      await sleep(afterRecovery, { summary: 'a recovery runs: until it is looked for again' });
    }
  }

  private async untilAnswered(): Promise<void> {
    const openedMs = Date.parse(this.openedAt);
    const { answerWithinMs, closeAfterMs, remindEveryMs } = this.spec;
    const [dueMs, closeMs] = [openedMs + answerWithinMs, openedMs + closeAfterMs];
    let remindMs = openedMs + remindEveryMs;
    let overdueTold = false;
    for (;;) {
      const seen = this.attested();
      await this.readAnswers();
      const nowMs = Date.now();
      if (unanswered(this.questions).length === 0 || nowMs >= closeMs) return;
      if (nowMs >= dueMs && !overdueTold) {
        overdueTold = true;
        await this.tellOverdue(dueMs);
      }
      if (nowMs >= remindMs) {
        remindMs = nowMs + remindEveryMs;
        await this.tell('reminder', [`It is open since ${utc(this.openedAt)}.`]);
      }
      const nextMs = Math.min(closeMs, remindMs, nowMs + lookEveryMs, ...(overdueTold ? [] : [dueMs]));
      await condition(() => this.attested() > seen, Math.max(1, nextMs - Date.now()), {
        summary: 'waiting for attestations',
      });
    }
  }

  /** What cannot be read now is read at the next look. */
  private async readAnswers(): Promise<void> {
    const { environment, spec, policy, openedAt } = this;
    try {
      const attestations = await activities.attestations.listAttestations({ environment });
      this.questions = questionsOf(spec, policy, attestations, openedAt);
    } catch {
      return;
    }
    setCurrentDetails(
      [
        `${this.words.title}, open since ${utc(openedAt)}`,
        ...this.questions.map(asCheck).map(({ name, found }) => `- ${name}: ${found}`),
      ].join('\n'),
    );
  }

  /** Sent beside the review: mail that is away for a while must not hold it back. */
  private async tell(why: string, lines: readonly string[]): Promise<void> {
    const { environment, words, policy, spec, openedAt } = this;
    const due = new Date(Date.parse(openedAt) + spec.answerWithinMs).toISOString();
    this.mails += 1;
    await activities.quickNotification
      .mailTeam({
        recipients: policy.mail.team,
        subject: `${words.title}: ${why}`,
        lines: [
          `${words.title} of ${environment}. ${lines.join(' ')} Due ${utc(due)}.`,
          ...answerLines(this.questions, environment),
        ],
        dedupeKey: `review/${workflowInfo().runId}/${this.mails}`,
      })
      .catch(() => undefined);
  }

  private async tellOverdue(dueMs: number): Promise<void> {
    const { environment, words, policy } = this;
    const { workflowId, runId } = workflowInfo();
    await openIncident({
      kind: { environment, operation: words.name, tier: null },
      title: words.title,
      failedAt: new Date(dueMs).toISOString(),
      overdue: { command: 'review' },
      happened: `Nobody answered: ${unanswered(this.questions)
        .map(({ item }) => item)
        .join(', ')}.`,
      meaning: words.failureMeans,
      workflowId,
      runId,
      address: policy.backups.alertAddress,
      failureSubject: `${words.title}: overdue`,
      recoverySubject: `${words.title}: done`,
    });
  }
}
