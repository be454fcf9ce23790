import Table from 'cli-table3';
import type { ExpectedDuration } from '../../workflows/contracts/policy.ts';
import type { RecoveryPoint } from '../../workflows/contracts/recovery-point.ts';
import type { PlanReport } from '../../workflows/contracts/report.ts';
import { forecastInOneLine, missInOneLine } from '../../workflows/runbook/forecast-text.ts';
import { basisOf, bytes, count, duration, utcSecond } from '../../workflows/runbook/format.ts';
import { formatExpected } from './duration.ts';
import type { Screen } from './screen.ts';
import { borderless } from './table.ts';
import { fields, hang, wrap } from './text.ts';

/** What `dr plan` found, and what a run would do. */
export function planScreen(plan: PlanReport, screen: Screen): string[] {
  const { width, style } = screen;
  const { recoveryPoint: point, safeState } = plan;
  return [
    style('strong', `Plan: ${plan.title}, ${plan.environment} (nothing was changed)`),
    ...fields(
      [
        ...(point === null ? [] : recoveryPointFields(point)),
        ['objectives', `RTO ${duration(plan.objective.rtoMs)}, RPO ${duration(plan.objective.rpoMs)}`],
        ...foreseenField(plan),
        ...(plan.readiness === undefined
          ? []
          : [['drills', plan.readiness?.found ?? 'unknown'] satisfies [string, string]]),
        ...(point === null ? [] : restoreFields(plan)),
      ],
      width,
    ),
    '',
    ...(point === null ? [] : [...lossTable(plan), '']),
    'Steps:',
    ...plan.steps.flatMap((step) => [
      `  ${step.id.padEnd(width - 44)}${step.kind.padEnd(13)}${formatExpected(step.expected)}`,
      ...wrap(step.finding ?? step.title, width - 6).map((line) => `      ${line}`),
      ...(step.expected?.measured === undefined ? [] : hang('      takes: ', basisOf(step.expected), width)),
      ...(step.undo === null ? [] : hang('      undo: ', step.undo, width)),
    ]),
    '',
    ...hang('stopped before the restore: ', safeState.beforeDestruction, width),
    ...hang('stopped after the restore:  ', safeState.afterDestruction, width),
    ...(plan.openRoads.length === 0 ? [] : hang('cannot be fenced: ', plan.openRoads.join('; '), width)),
    ...plan.warnings.flatMap((warning) => hang('warning: ', warning, width)),
  ];
}

function recoveryPointFields({ project, targetUnix, window }: RecoveryPoint): [string, string][] {
  return [
    ['project', `${project.name} (${project.ref}, ${project.provider} ${project.region})`],
    ['goes back to', utcSecond(targetUnix)],
    ['restorable', `${utcSecond(window.earliestUnix)} to ${utcSecond(window.latestUnix)}`],
  ];
}

function foreseenField({ rtoForecast = null }: PlanReport): [string, string][] {
  if (rtoForecast === null) return [];
  const miss = missInOneLine(rtoForecast);
  return [
    ['begun now', forecastInOneLine(rtoForecast)],
    ...(miss === null ? [] : [['WARNING', miss] satisfies [string, string]]),
  ];
}

function restoreFields({ expected, safetyCopyLimits, survey }: PlanReport): [string, string][] {
  const { maxBytes, maxDurationMs } = safetyCopyLimits;
  return [
    ['restore in place', expectedLine(expected.restore)],
    ['from own backup', expectedLine(expected.restoreOwnBackup)],
    ['safety copy', `at most ${bytes(maxBytes)} and ${duration(maxDurationMs)}`],
    ['database size', survey === null ? 'unknown' : bytes(survey.databaseBytes)],
  ];
}

function expectedLine(expected: ExpectedDuration | null): string {
  return expected === null
    ? 'unknown: no restore test has measured it'
    : `${formatExpected(expected)}, ${basisOf(expected)}`;
}

function lossTable({ survey }: PlanReport): string[] {
  if (survey === null) return ['Loss per table: unknown'];
  const table = new Table({
    ...borderless,
    head: ['TABLE', 'ROWS NOW', 'DISCARDED', 'BACK AGAIN', 'KNOWN BY'],
    colAligns: ['left', 'right', 'right', 'right', 'left'],
  });
  for (const row of survey.tables) {
    table.push([row.table, count(row.present), count(row.discarded), count(row.broughtBack), row.basis]);
  }
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
}
