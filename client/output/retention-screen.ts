import type {
  LocationRetention,
  RetentionPlanReport,
  RotationDecision,
} from '../../workflows/contracts/retention.ts';
import { bytes, plural, utc } from '../../workflows/runbook/format.ts';
import type { Screen } from './screen.ts';
import { hang } from './text.ts';

/** What a retention will do at each location: first what it removes and what it cannot, then why it keeps the rest. */
export function retentionScreen(report: RetentionPlanReport, screen: Screen): string[] {
  const { environment, at, locations } = report;
  return [
    screen.style('strong', `Retention of backups in ${environment} at ${utc(`${at.slice(0, 19)}Z`)}`),
    ...locations.flatMap((one) => ['', ...locationLines(one, screen)]),
    '',
  ];
}

function locationLines(one: LocationRetention, { width, style }: Screen): string[] {
  if ('failure' in one) {
    const { happened, next } = one.failure;
    return [
      `${one.location}: ${style('bad', 'cannot be told, so nothing is removed')}`,
      ...hang('  ', happened, width),
      ...hang('  Do: ', next, width),
    ];
  }
  const { keep, remove } = one.plan;
  const held = keep.filter((decision) => decision.held === true);
  const kept = keep.filter((decision) => decision.held !== true);
  const size = remove.reduce((sum, decision) => sum + decision.bytes, 0);
  return [
    `${one.location}: removes ${plural(remove.length, 'backup', 'backups')} (${bytes(size)}), keeps ${keep.length}`,
    ...remove.flatMap((decision) => decisionLines(style('warning', 'remove'), 'remove', decision, width)),
    ...held.flatMap((decision) => decisionLines(style('warning', 'locked'), 'locked', decision, width)),
    ...kept.flatMap((decision) => decisionLines(style('good', 'keep'), 'keep', decision, width)),
  ];
}

function decisionLines(
  styled: string,
  word: string,
  { key, why }: RotationDecision,
  width: number,
): string[] {
  const lead = `  ${word.padEnd(6)}  `;
  const [first = '', ...rest] = hang(lead, `${key}: ${why}`, width);
  return [`  ${styled}${first.slice(2 + word.length)}`, ...rest];
}
