import type { OperationCheck, OperationRecord } from '../../workflows/contracts/operations.ts';
import { duration } from '../../workflows/runbook/format.ts';
import { commandText, nextLines } from './command-text.ts';
import type { Screen } from './screen.ts';
import type { Tone } from './style.ts';
import { hang } from './text.ts';

/** A command to give next, without its environment. */
export interface NextCommand {
  /** Words after `npx dr`. */
  readonly command: string;
  readonly why: string;
}

/** What belongs to an operation's command and not to its record. */
export interface OperationWords {
  /** Words after `npx dr` that give this command again. */
  readonly command: string;
  readonly verdict?: (record: OperationRecord) => readonly string[];
  readonly next: NextCommand;
}

const headings = {
  succeeded: ['good', 'SUCCEEDED'],
  failed: ['bad', 'FAILED'],
  'stood-back': ['warning', 'STOOD BACK'],
} as const satisfies Record<OperationRecord['outcome'], readonly [Tone, string]>;

/** How an operation ended: what the procedure's script says, then every check, what a failure means, and what to do. */
export function operationScreen(record: OperationRecord, words: OperationWords, screen: Screen): string[] {
  const { width, style } = screen;
  const [tone, heading] = headings[record.outcome];
  const took = duration(Date.parse(record.finishedAt) - Date.parse(record.startedAt));
  const lead = `${heading}  `;
  const [first = '', ...rest] = hang(
    lead,
    `${record.operation} in ${record.environment}, in ${took}: ${record.summary}`,
    width,
  );
  return [
    ...(record.outcome === 'stood-back' ? [] : (words.verdict?.(record) ?? [])),
    `${style(tone, heading)}${first.slice(heading.length)}`,
    ...rest,
    ...record.checks.flatMap((check) => checkLines(check, screen)),
    ...(record.details ?? []).flatMap((line) => hang('  ', line, width)),
    ...failureLines(record, width),
    `run: ${record.workflowId}`,
    ...nextLines(
      [nextOf(record, words)].map(({ command, why }) => ({
        text: commandText({ command, environment: record.environment }),
        why,
      })),
      width,
    ),
  ];
}

function checkLines(
  { name, passed, advisory = false, found, expected }: OperationCheck,
  { width, style }: Screen,
): string[] {
  const failed = advisory ? (['warning', 'NOTICE'] as const) : (['bad', 'FAILED'] as const);
  const [tone, word] = passed ? (['good', 'ok    '] as const) : failed;
  const [first = '', ...rest] = hang(
    `  ${word}  `,
    `${name}: ${found}${passed ? '' : ` (expected: ${expected})`}`,
    width,
  );
  return [`  ${style(tone, word)}${first.slice(2 + word.length)}`, ...rest];
}

/** The failed checks stand above already; a failure without checks is told here. */
function failureLines({ outcome, failure }: OperationRecord, width: number): string[] {
  if (failure === null) return [];
  const checksFailed = failure.type === 'checks-failed';
  return [
    ...(checksFailed
      ? []
      : hang(
          outcome === 'failed' ? 'Failure: ' : 'Because: ',
          `${failure.happened} (${failure.type})`,
          width,
        )),
    ...hang('Means:   ', failure.meaning, width),
    ...(checksFailed ? [] : hang('Do:      ', failure.next, width)),
  ];
}

function nextOf({ outcome, failure }: OperationRecord, { command, next }: OperationWords): NextCommand {
  switch (outcome) {
    case 'succeeded':
      return next;
    case 'failed':
      return { command, why: 'again, when that is mended' };
    case 'stood-back':
      return failure === null
        ? { command: 'status', why: 'the recovery; afterwards give this again' }
        : { command, why: 'again, when that is over' };
  }
}
