import type { Block, Chart, Document, Section } from '../../contracts/document.ts';
import type { Objective, Scenario } from '../../contracts/policy.ts';
import type { Measured, MeasuredRun, Trend } from '../../contracts/trend.ts';
import { bytes, duration, utc } from '../format.ts';
import { type MonthlyFigure, monthlyTable } from './monthly-table.ts';
import { listSection } from './sections.ts';

const day = 24 * 3_600_000;

/** Drills are monthly, at most 35 days apart, and one may be a day late. */
const monthlyGapMs = 36 * day;
/** Restore tests and weekly backups are 7 days apart, and one may be a day late. */
const weeklyGapMs = 8 * day;
/** Validations are daily; one may be late. */
const dailyGapMs = 2 * day;

/** What was measured over months, to be read: a chart and a table by month for each figure. */
export function trendDocument(trend: Trend): Document {
  const measured = new Set(trend.runs.map(({ scenario }) => scenario));
  const scenarios = scenariosOf(trend).filter(([scenario]) => measured.has(scenario));
  const unmeasured = scenariosOf(trend).filter(([scenario]) => !measured.has(scenario));
  return {
    title: `Recovery figures, ${trend.environment}`,
    verdict: null,
    headline: `From ${utc(trend.from)} to ${utc(trend.to)}: ${trend.runs.length} recoveries and drills, ${trend.restores.length} restores of own backups. Where nothing was measured nothing is drawn.`,
    sections: [
      ...scenarios.flatMap(([scenario, objective]) => runSections(trend, scenario, objective)),
      ...listSection(
        'Neither recovered nor drilled in these months',
        unmeasured.map(([scenario]) => scenario),
      ),
      restoreSection(trend),
      sizeSection(trend),
      ageSection(trend),
      ...listSection('Left out', trend.leftOut),
    ],
  };
}

function scenariosOf({ objectives }: Trend): readonly (readonly [Scenario, Objective])[] {
  const names: readonly Scenario[] = [
    'database-corruption',
    'application-crash',
    'data-loss',
    'security-breach',
    'complete-failure',
  ];
  return names.map((name) => [name, objectives[name]]);
}

function runSections(trend: Trend, scenario: Scenario, { rtoMs, rpoMs }: Objective): readonly Section[] {
  const runs = trend.runs.filter((run) => run.scenario === scenario);
  const figures = [
    { name: 'RTO', objectiveMs: rtoMs, measuredOf: (run: MeasuredRun) => run.rtoMs },
    { name: 'RPO', objectiveMs: rpoMs, measuredOf: (run: MeasuredRun) => run.rpoMs },
  ];
  return figures.map(({ name, objectiveMs, measuredOf }) => {
    const series = (['recovery', 'drill'] as const).map((kind) => ({
      name: kind === 'recovery' ? 'recoveries' : 'drills',
      points: runs.filter((run) => run.kind === kind).map((run) => ({ at: run.at, value: measuredOf(run) })),
    }));
    return section(trend, {
      title: `${name} of ${scenario}`,
      unit: 'ms',
      series: series.filter(({ points }) => points.length > 0),
      objective: { label: `objective ${duration(objectiveMs)}`, value: objectiveMs },
      gapAfterMs: monthlyGapMs,
    });
  });
}

function restoreSection(trend: Trend): Section {
  const { rtoMs } = trend.objectives['complete-failure'];
  return section(trend, {
    title: 'Restore of an own backup',
    unit: 'ms',
    series: [{ name: 'restore tests', points: trend.restores }],
    objective: { label: `RTO of complete-failure ${duration(rtoMs)}`, value: rtoMs },
    gapAfterMs: weeklyGapMs,
  });
}

function sizeSection(trend: Trend): Section {
  const dumps: readonly Chart['series'][number][] =
    trend.dumpBytes.length === 0 ? [] : [{ name: 'SQL dumps', points: trend.dumpBytes }];
  return section(trend, {
    title: 'Size of backups',
    unit: 'bytes',
    series: [{ name: 'exports', points: trend.backupBytes }, ...dumps],
    objective: null,
    gapAfterMs: weeklyGapMs,
  });
}

function ageSection(trend: Trend): Section {
  return section(trend, {
    title: 'Age of the newest backup',
    unit: 'ms',
    series: [{ name: 'at each validation', points: trend.backupAges }],
    objective: { label: `at most ${duration(trend.maxBackupAgeMs)}`, value: trend.maxBackupAgeMs },
    gapAfterMs: dailyGapMs,
  });
}

/** The picture, with what it shows as a table by month beneath it. */
function section({ from, to }: Trend, parts: Omit<Chart, 'description' | 'from' | 'to'>): Section {
  const { title, series, objective, unit } = parts;
  const figures: readonly MonthlyFigure[] = series.flatMap(({ points }) => points);
  const show = unit === 'ms' ? duration : bytes;
  const known = figures.flatMap(({ value }) => value ?? []);
  const description = `${title} from ${utc(from)} to ${utc(to)}: ${describe(known, show)}${objective === null ? '' : `; ${objective.label}`}. The table below tells it by month.`;
  const table: Block = monthlyTable(figures, { from, to, show, objective: objective?.value ?? null });
  return {
    title,
    blocks: [{ kind: 'chart', chart: { ...parts, description, from, to } }, table],
  };
}

function describe(known: readonly Measured['value'][], show: (value: number) => string): string {
  const sorted = known.toSorted((a, b) => a - b);
  const [least] = sorted;
  const most = sorted.at(-1);
  if (least === undefined || most === undefined) return 'nothing was measured';
  return `${sorted.length} times measured, from ${show(least)} to ${show(most)}`;
}
