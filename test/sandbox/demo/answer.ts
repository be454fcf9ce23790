import { isCancel, select } from '@clack/prompts';
import type { OpenDecision } from '../../../workflows/contracts/decisions.ts';
import { digestPrefixLength } from '../../../workflows/runbook/commands.ts';

/** Who answers where nobody is asked. */
export const standIn = 'admin';

/** The words after `dr` that answer an open decision, or null to go on waiting. */
export type AnswerWords = readonly string[] | null;

/** Answers as a named person, for a demo without a terminal. */
export function answerForPerson(open: OpenDecision): AnswerWords {
  switch (open.kind) {
    case 'approval':
      return approve(open);
    case 'manual-step':
      return confirm();
    default:
      return ['abort', '--reason', `the demo cannot go on: ${open.question}`, '--as', standIn];
  }
}

/** Asks the person at the terminal. */
export async function askPerson(open: OpenDecision): Promise<AnswerWords> {
  const yes =
    open.kind === 'approval'
      ? { value: 'yes', label: `Approve, as ${standIn}`, hint: open.consequences[0] ?? '' }
      : { value: 'yes', label: `Confirm, as ${standIn}`, hint: open.consequences[0] ?? '' };
  const answer = await select({
    message: open.question,
    options: [
      yes,
      { value: 'no', label: open.answers.includes('reject') ? 'Reject' : 'Abort' },
      { value: 'wait', label: 'I answer elsewhere: in the Web UI or with npx dr in another terminal' },
    ],
  });
  if (isCancel(answer)) return ['abort', '--reason', 'the demo was interrupted', '--as', standIn];
  if (answer === 'wait') return null;
  if (answer === 'yes') return open.kind === 'approval' ? approve(open) : confirm();
  return [
    open.answers.includes('reject') ? 'reject' : 'abort',
    '--reason',
    'said no in the demo',
    '--as',
    standIn,
  ];
}

function approve(open: OpenDecision): AnswerWords {
  return ['approve', '--digest', (open.digest ?? '').slice(0, digestPrefixLength), '--as', standIn];
}

function confirm(): AnswerWords {
  return ['confirm', '--reason', 'the sales are back', '--as', standIn];
}
