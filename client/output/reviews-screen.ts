import type { ReviewQuestion, ReviewState } from '../../workflows/contracts/reviews.ts';
import { utc } from '../../workflows/runbook/format.ts';
import { commandText, nextLines } from './command-text.ts';
import type { Screen } from './screen.ts';
import type { Tone } from './style.ts';
import { fields, hang } from './text.ts';

const answerColumn = 14;

/** Each review: what an open one asks with its answers, how the last one ended, when the next one begins. */
export function reviewsScreen(
  environment: string,
  states: readonly ReviewState[],
  screen: Screen,
): readonly string[] {
  return [
    screen.style('strong', `Reviews of ${environment}`),
    ...states.flatMap((state) => ['', ...reviewLines(state, screen)]),
    '',
    ...nextLines(nextCommands(environment, states), screen.width),
  ];
}

function reviewLines({ name, open, last, nextAt }: ReviewState, screen: Screen): readonly string[] {
  const { width } = screen;
  return [
    name,
    ...(open === null ? [] : open.questions.flatMap((question) => questionLines(question, screen))),
    ...fields(
      [
        ['open', open === null ? 'no' : `since ${toSecond(open.since)}, due ${toSecond(open.due)}`],
        ['last', last === null ? 'never' : `${toSecond(last.finishedAt)}, ${last.outcome}: ${last.summary}`],
        ['next', nextAt === null ? 'not scheduled' : toSecond(nextAt)],
      ],
      width,
    ),
  ];
}

function questionLines(
  { item, statement, answer }: ReviewQuestion,
  { width, style }: Screen,
): readonly string[] {
  const [tone, word] = wordOf(answer);
  const lead = `  ${word}`.padEnd(answerColumn);
  const said =
    answer === null ? '' : ` (${answer.by}, identity not verified, ${toSecond(answer.at)}: ${answer.note})`;
  const [first = '', ...rest] = hang(lead, `${item}: ${statement}${said}`, width);
  return [`${style(tone, lead)}${first.slice(lead.length)}`, ...rest];
}

function wordOf(answer: ReviewQuestion['answer']): readonly [Tone, string] {
  if (answer === null) return ['warning', 'asked'];
  return answer.passed ? ['good', 'holds'] : ['bad', 'DENIED'];
}

function nextCommands(environment: string, states: readonly ReviewState[]) {
  const asked = states.flatMap(({ open }) => open?.questions.filter(({ answer }) => answer === null) ?? []);
  return asked.length > 0
    ? asked.map(({ item }) => ({
        text: commandText({ command: `attest ${item}`, environment, options: { note: '…' } }),
        why: 'or with --denied',
      }))
    : [{ text: commandText({ command: 'checklist', environment }), why: 'what was done, what is due' }];
}

function toSecond(moment: string): string {
  return utc(`${moment.slice(0, 19)}Z`);
}
