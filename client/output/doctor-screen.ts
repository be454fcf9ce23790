import {
  type DoctorReport,
  type ReadinessGroup,
  type ReadinessItem,
  type ReadinessState,
  readinessGroups,
} from '../../workflows/contracts/readiness.ts';
import { duration, utc } from '../../workflows/runbook/format.ts';
import { commandLines, commandText, nextLines } from './command-text.ts';
import type { Screen } from './screen.ts';
import type { Tone } from './style.ts';
import { fields, hang } from './text.ts';

const words = {
  ok: ['good', 'ok'],
  failed: ['bad', 'FAILED'],
  attention: ['warning', 'attention'],
  unknown: ['bad', 'UNKNOWN'],
} as const satisfies Record<ReadinessState, readonly [Tone, string]>;

const headings = {
  'before-production': 'Before production (procedure, section 10)',
  ongoing: 'Ongoing (procedure, section 10)',
  beyond: 'Beyond the procedure: what on-call needs',
} as const satisfies Record<ReadinessGroup, string>;

const stateColumn = 13;

/** The production checklist: each item with what was found and what to do, then how many stand how. */
export function doctorScreen(report: DoctorReport, screen: Screen): string[] {
  const { environment, at, tookMs, provider, items } = report;
  const { width, style } = screen;
  return [
    style('strong', `Doctor of ${environment} at ${utc(`${at.slice(0, 19)}Z`)}, in ${duration(tookMs)}`),
    ...fields(
      [
        ['provider project', provider.project],
        ['region', provider.region],
        ['redundancy', provider.redundancy],
      ],
      width,
    ),
    ...readinessGroups.flatMap((group) => [
      '',
      `${headings[group]}:`,
      ...items.filter((item) => item.group === group).flatMap((item) => itemLines(item, screen)),
    ]),
    '',
    tally(items),
    ...nextLines(
      [{ text: commandText({ command: 'doctor', environment }), why: 'again, when that is mended' }],
      width,
    ),
  ];
}

function itemLines({ state, item, found, todo }: ReadinessItem, { width, style }: Screen): string[] {
  const [tone, word] = words[state];
  const lead = `  ${word}`.padEnd(stateColumn);
  const [first = '', ...rest] = hang(lead, `${item}: ${found}`, width);
  return [
    `${style(tone, lead)}${first.slice(lead.length)}`,
    ...rest,
    ...todo.flatMap((action) =>
      isCommand(action)
        ? commandLines(action, width, stateColumn + todoLead.length)
        : hang(`${' '.repeat(stateColumn)}${todoLead}`, action, width),
    ),
  ];
}

const todoLead = 'Do: ';

/** Such a line is copied into a shell, so it must stay one where it is broken. */
const isCommand = (action: string): boolean => /^(npx dr|temporal) /.test(action);

function tally(items: readonly ReadinessItem[]): string {
  const states = ['ok', 'attention', 'failed', 'unknown'] as const satisfies readonly ReadinessState[];
  const counts = states.map((state) => `${items.filter((item) => item.state === state).length} ${state}`);
  return `${items.length} items: ${counts.join(', ')}`;
}
