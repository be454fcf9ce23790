import type { AnswerKind, DecisionRecord, OpenDecision } from '../../workflows/contracts/decisions.ts';
import type { RecoveryStatus } from '../../workflows/contracts/status.ts';
import { answerCommands } from '../../workflows/runbook/commands.ts';
import { utc } from '../../workflows/runbook/format.ts';
import { type CommandStopped, refused } from '../command-stopped.ts';
import { commandText } from '../output/command-text.ts';

/** What a person named to say which question the answer is for. */
export interface Named {
  readonly decision: string | undefined;
  readonly step: string | undefined;
  /** At least the first 12 hex characters of the digest, lower case. */
  readonly digest: string | undefined;
}

/**
 * Says why an answer would miss what it is meant for, before it is sent. The run judges every answer again.
 *
 * @returns null when it may be sent
 */
export function whyNotNow(kind: AnswerKind, named: Named, status: RecoveryStatus): CommandStopped | null {
  const unknownStep = stepUnknown(named, status);
  if (unknownStep !== null) return unknownStep;
  if (kind === 'abort') return null;
  const { open } = status;
  if (open === null || (named.decision !== undefined && named.decision !== open.id)) {
    return alreadyDecided(named, status) ?? notOpen(kind, named, status);
  }
  if (!open.answers.includes(kind)) {
    return refused(
      `${kind} is no answer to the open question: ${open.question}`,
      'Give one of these.',
      answerCommands(open, status.environment),
    );
  }
  if (named.step !== undefined && named.step !== open.step) {
    return refused(`The open question is about step ${open.step}, not ${named.step}.`, seeStatus(status));
  }
  return kind === 'approve' ? wrongPlan(named, open, status) : null;
}

function stepUnknown({ step }: Named, { steps }: RecoveryStatus): CommandStopped | null {
  if (step === undefined || steps.some(({ id }) => id === step)) return null;
  return refused(`This run has no step "${step}".`, 'Name one of its steps.', [
    `The steps are: ${steps.map(({ id }) => id).join(', ')}`,
  ]);
}

function alreadyDecided({ decision, digest }: Named, status: RecoveryStatus): CommandStopped | null {
  const sameQuestion = (record: DecisionRecord) =>
    decision === undefined
      ? digest !== undefined && status.plan?.digest.startsWith(digest) === true && record.kind === 'approve'
      : record.decision === decision;
  const earlier = status.decisions.findLast((record) => record.accepted && sameQuestion(record));
  if (earlier === undefined) return null;
  return refused(
    `This was decided already: ${earlier.kind} by ${earlier.by} at ${utc(earlier.at)}.`,
    seeStatus(status),
  );
}

function notOpen(kind: AnswerKind, { decision }: Named, status: RecoveryStatus): CommandStopped {
  if (status.open !== null) {
    return refused(
      `Decision ${decision ?? ''} is not open; open is ${status.open.id}: ${status.open.question}`,
      seeStatus(status),
    );
  }
  if (kind !== 'approve') {
    return refused(
      `Nothing waits for an answer, so there is nothing to ${kind}: the run is ${status.phase}.`,
      seeStatus(status),
    );
  }
  const gate = status.steps.find((step) => step.kind === 'destructive' && step.state === 'pending');
  const where =
    gate === undefined
      ? 'no step waits for an approval any more.'
      : `the approval is asked before ${gate.id}, and the run has not come to it yet.`;
  return refused(`There is nothing to approve now: ${where}`, seeStatus(status));
}

function wrongPlan(named: Named, open: OpenDecision, status: RecoveryStatus): CommandStopped | null {
  if (open.digest === null) {
    return named.decision === undefined
      ? refused(
          `This question has no plan with a digest, so it must be named: ${open.question}`,
          `Give the command again with --decision ${open.id}`,
        )
      : null;
  }
  if (named.digest === undefined) {
    return refused(
      'An approval must name the plan by its digest.',
      `Read the plan, then give the first 12 characters of its digest: ${commandText({ command: 'status', environment: status.environment })}`,
    );
  }
  if (open.digest.startsWith(named.digest)) return null;
  return refused(
    `The digest ${named.digest} is not that of the plan that is asked about now, revision ${status.revision}: the plan has changed, or the digest is mistyped.`,
    `Read the plan again before approving it: ${commandText({ command: 'status', environment: status.environment })}`,
  );
}

function seeStatus({ environment }: RecoveryStatus): string {
  return `See how it stands: ${commandText({ command: 'status', environment })}`;
}
