import type { OpenDecision } from '../../workflows/contracts/decisions.ts';
import type { DestructivePlan } from '../../workflows/contracts/evidence.ts';
import type { RecoveryStatus } from '../../workflows/contracts/status.ts';
import { answerCommands } from '../../workflows/runbook/commands.ts';
import { count, duration } from '../../workflows/runbook/format.ts';
import { commandLines } from './command-text.ts';
import { formatAgo } from './duration.ts';
import type { Screen } from './screen.ts';
import { fields, hang, wrap } from './text.ts';

/** What a person is asked: the question, what must be known to answer, and the command of each answer. */
export function decisionScreen(status: RecoveryStatus, open: OpenDecision, screen: Screen): string[] {
  const { width, style, now } = screen;
  const asked = formatAgo(now.getTime() - Date.parse(open.openedAt));
  const left = open.expiresAt === null ? null : Date.parse(open.expiresAt) - now.getTime();
  const expiry = left === null ? '' : `, expires in ${duration(Math.max(0, left))}`;
  return [
    style('warning', `WAITING FOR A PERSON  ${open.stepTitle} (asked ${asked}${expiry})`),
    ...wrap(open.question, width),
    ...fields(
      open.facts.map(({ label, value }) => [label, value] as const),
      width,
    ),
    ...(open.kind === 'approval' && status.plan !== null
      ? planLines(status.plan.plan, status.plan.digest, screen)
      : []),
    '',
    ...answerLines(open, status.environment, screen),
  ];
}

function planLines(plan: DestructivePlan, digest: string, { width }: Screen): string[] {
  const loss = plan.maximumLoss.map(({ table, rows }) => `${table} ${count(rows)}`).join(', ');
  return [
    'What exactly would be approved:',
    ...fields(
      [
        ...Object.entries(plan.arguments),
        [
          'safety copy',
          plan.safetyCopySha256 === null ? 'NO SAFETY COPY' : `sha256 ${plan.safetyCopySha256}`,
        ],
        ['lost at most, rows', loss === '' ? 'unknown' : loss],
      ],
      width,
    ),
    `  digest  ${digest}`,
  ];
}

function answerLines(open: OpenDecision, environment: string, { width, style }: Screen): string[] {
  const commands = answerCommands(open, environment);
  return open.answers.flatMap((kind, index) => [
    ...hang(`${kind.padEnd(8)}  `, open.consequences[index] ?? '', width),
    ...commandLines(commands[index] ?? '', width, 4).map((line) => style('strong', line)),
  ]);
}
