import type { RecoveryStatus } from '../../workflows/contracts/status.ts';
import { sourceOf } from '../../workflows/runbook/clocks.ts';
import { forecastRto } from '../../workflows/runbook/forecast.ts';
import { forecastInOneLine, missInOneLine } from '../../workflows/runbook/forecast-text.ts';
import { count, duration, utc } from '../../workflows/runbook/format.ts';
import { decisionScreen } from './decision-screen.ts';
import { formatAgo } from './duration.ts';
import type { Screen } from './screen.ts';
import { stepTable } from './step-table.ts';
import { fields, hang } from './text.ts';

/** A run as on-call needs it: where it is, what it asks, its steps, what is in force, and the clocks. */
export function statusScreen(status: RecoveryStatus, screen: Screen): string[] {
  const { width, style } = screen;
  return [
    style(
      'strong',
      `${status.title}, ${status.environment}: ${status.outcome ?? status.phase} (plan revision ${count(status.revision)})`,
    ),
    ...fields(headerOf(status, screen.now), width),
    '',
    ...stepTable(status.steps, screen),
    '',
    ...(status.open === null ? [] : [...decisionScreen(status, status.open, screen), '']),
    ...measureLines(status, width),
    ...missLines(status, screen),
    ...status.warnings.flatMap((warning) => hang('warning: ', warning, width)),
  ];
}

function headerOf(status: RecoveryStatus, now: Date): (readonly [string, string])[] {
  const { project } = status;
  const started = formatAgo(now.getTime() - Date.parse(status.startedAt));
  return [
    [
      'project',
      project === null
        ? 'not known yet'
        : `${project.name} (${project.ref}, ${project.provider} ${project.region})`,
    ],
    ['reason', status.reason],
    ['started', `${utc(status.startedAt)}, ${started}, by ${status.startedBy} (identity unverified)`],
    ['clock', clock(status, now)],
    ...foreseen(status, now),
    ...recovered(status),
    ['waited', `${duration(status.waitedForPeopleMs)} for people`],
    ['run', `${status.workflowId} ${status.runId}`],
  ];
}

/** By the clock of whoever looks: an open question moves the end. */
function foreseen(status: RecoveryStatus, now: Date): [string, string][] {
  const forecast = forecastRto(status, now.getTime());
  return forecast === null ? [] : [['foreseen', forecastInOneLine(forecast)]];
}

function recovered({ recoveredTo }: RecoveryStatus): [string, string][] {
  return recoveredTo === undefined
    ? []
    : [['recovered to', `${utc(recoveredTo.at)}, by ${sourceOf(recoveredTo)}`]];
}

function missLines(status: RecoveryStatus, { now, width, style }: Screen): string[] {
  const forecast = forecastRto(status, now.getTime());
  const miss = forecast === null ? null : missInOneLine(forecast);
  return miss === null ? [] : hang('WARNING: ', miss, width).map((line) => style('bad', line));
}

/** How far the RTO is used up; it runs from the incident until users have the application back. */
function clock(status: RecoveryStatus, now: Date): string {
  const { incidentAt, objective, healthySince } = status;
  const rto = duration(objective.rtoMs).replace(/ 00 s$/, '');
  const from = incidentAt ?? status.startedAt;
  const elapsedMs = Math.max(0, endOf(status, now) - Date.parse(from));
  const used = Math.round((elapsedMs / objective.rtoMs) * 100);
  if (incidentAt === null) {
    return `${duration(elapsedMs)} since the start; incident unknown, so it cannot be held against the RTO of ${rto}`;
  }
  const over = elapsedMs > objective.rtoMs ? ', EXCEEDED' : '';
  const until = healthySince === undefined ? 'since the incident' : 'from the incident until it was healthy';
  return `${duration(elapsedMs)} ${until}; RTO ${rto} used ${used} %${over}`;
}

function endOf({ healthySince, outcome, steps }: RecoveryStatus, now: Date): number {
  if (healthySince !== undefined) return Date.parse(healthySince);
  if (outcome === null) return now.getTime();
  const ends = steps.flatMap(({ finishedAt }) => (finishedAt === null ? [] : [Date.parse(finishedAt)]));
  return ends.length === 0 ? now.getTime() : Math.max(...ends);
}

/** What was changed in production and is not yet taken back, and where stopping would lead. */
function measureLines({ measures, safeState, outcome }: RecoveryStatus, width: number): string[] {
  return [
    ...measures.flatMap(({ inForce, since, step }) =>
      hang('in force: ', `${inForce}, since ${utc(since)} (${step})`, width),
    ),
    ...(outcome === null ? hang('abort leads to: ', safeState, width) : []),
  ];
}
