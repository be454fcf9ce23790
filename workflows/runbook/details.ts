import type { RecoveryStatus, StepRecord } from '../contracts/status.ts';
import { answerCommands, temporalApprovalCommand } from './commands.ts';
import { fitLines } from './fit-lines.ts';
import { forecastInOneLine, missInOneLine } from './forecast-text.ts';
import { duration, utc } from './format.ts';

const marks = {
  pending: '·',
  running: '▶',
  waiting: '⏸',
  done: '✔',
  failed: '✘',
  skipped: '⤼ skipped',
  rejected: '⊘ rejected',
  'not-needed': '– not needed',
} as const satisfies Record<StepRecord['state'], string>;

/** The text of a support ticket must be there whole. */
const longestFact = 1_500;

/** How much of the page each list may take, bytes; the whole page must stay under 20 KB. */
const room = { facts: 6_000, measures: 1_000, warnings: 2_500, steps: 7_500 } as const;

/** The run as one Markdown page for Temporal's Web UI: open decision first, then the steps. At most 20 KB. */
export function renderDetails(status: RecoveryStatus): string {
  return [
    `**${status.title}**, environment **${status.environment}**${status.project ? `, project ${status.project.name} (\`${status.project.ref}\`)` : ''}, plan revision ${status.revision}, phase **${status.phase}**`,
    ...decisionSection(status),
    ...measureSection(status),
    ...forecastSection(status),
    ...warningSection(status),
    ...stepTable(status),
    `Started by ${plain(status.startedBy)} at ${utc(status.startedAt)}: ${plain(status.reason.slice(0, 400))}. Incident at ${utc(status.incidentAt)}. Objective: RTO ${duration(status.objective.rtoMs)}, RPO ${duration(status.objective.rpoMs)}. Waited for people: ${duration(status.waitedForPeopleMs)}. Identity of people: unverified.`,
  ].join('\n\n');
}

function decisionSection(status: RecoveryStatus): string[] {
  const { open } = status;
  if (open === null) return status.outcome === null ? [] : [`**Ended: ${status.outcome}**`];
  return [
    `### Waiting for a person: ${plain(open.question)}`,
    ...table(
      ['What', 'Value'],
      open.facts.map(({ label, value }) => [label, value]),
      room.facts,
      status.environment,
      longestFact,
    ),
    open.answers.map((kind, index) => `- **${kind}**: ${plain(open.consequences[index] ?? '')}`).join('\n'),
    ['```', ...answerCommands(open, status.environment), '```'].join('\n'),
    ...(open.kind === 'approval'
      ? ['Without the `dr` command:', ['```', temporalApprovalCommand(open, status), '```'].join('\n')]
      : []),
  ];
}

function measureSection({ measures, safeState, environment }: RecoveryStatus): string[] {
  const list = measures.map((measure) => `- ${plain(measure.inForce)}, since ${utc(measure.since)}`);
  return list.length === 0
    ? []
    : [
        '**In force now:**',
        ...fitted(list, room.measures, environment),
        `Abort or cancel leads to: ${safeState}`,
      ];
}

/** As of the last event: the page does not move by itself. */
function forecastSection({ rtoForecast = null }: RecoveryStatus): string[] {
  if (rtoForecast === null) return [];
  const miss = missInOneLine(rtoForecast);
  return [
    ...(miss === null ? [] : [`**${plain(miss)}**`]),
    `Foreseen at the last event: ${plain(forecastInOneLine(rtoForecast))}.`,
  ];
}

function warningSection({ warnings, environment }: RecoveryStatus): string[] {
  return warnings.length === 0
    ? []
    : [
        '**Know this:**',
        ...fitted(
          warnings.map((line) => `- ${plain(line.slice(0, 400))}`),
          room.warnings,
          environment,
        ),
      ];
}

function stepTable({ steps, environment }: RecoveryStatus): string[] {
  return table(
    ['Step', 'Kind', 'Took', 'Finding'],
    steps.map((step) => [
      `${marks[step.state]} ${step.title}`,
      step.kind,
      took(step),
      step.failure ? `${step.failure.happened} ${step.failure.next}` : (step.summary ?? ''),
    ]),
    room.steps,
    environment,
  );
}

function took({ startedAt, finishedAt, expected }: StepRecord): string {
  if (startedAt !== null && finishedAt !== null)
    return duration(Date.parse(finishedAt) - Date.parse(startedAt));
  return expected === null ? '' : `expected ${duration(expected.minMs)} to ${duration(expected.maxMs)}`;
}

function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  maxBytes: number,
  environment: string,
  longestCell = 400,
): string[] {
  const cell = (text: string) => plain(text.slice(0, longestCell));
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(`${gap} | `)} |`;
  const rule = `| ${head.map(() => '---').join(' | ')} |`;
  return fitted([line(head), rule, ...rows.map(line)], maxBytes, environment);
}

/** The lines as one block, as many as fit, and where the others are to be seen. */
function fitted(lines: readonly string[], maxBytes: number, environment: string): string[] {
  const { kept, leftOut } = fitLines(lines, maxBytes);
  const rest = `… and ${leftOut} more: \`npx dr status --environment ${environment}\``;
  return leftOut === 0 ? [kept.join('\n')] : [kept.join('\n'), rest];
}

/** The Web UI draws tables without any room between columns. */
const gap = '\u00a0\u00a0\u00a0';

/** Text that Markdown shows as it stands. Address ranges become code: the Web UI's font draws `1/32` as a fraction. */
function plain(text: string): string {
  return text
    .replaceAll('\n', ' ')
    .replace(/[\\`*_<[|]/g, '\\$&')
    .replace(/[\da-f:.]+\/\d+/gi, (range) => `\`${range}\``);
}
