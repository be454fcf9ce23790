import Table from 'cli-table3';
import type { MeasuredObjective, RecoveryReport } from '../../workflows/contracts/report.ts';
import { sourceOf } from '../../workflows/runbook/clocks.ts';
import { bytes, count, duration, plural, utc, utcSecond } from '../../workflows/runbook/format.ts';
import type { Screen } from './screen.ts';
import { stepTable } from './step-table.ts';
import { borderless } from './table.ts';
import { fields, hang, wrap } from './text.ts';

/** The report of a recovery for a terminal of 80 characters; the whole of it is in the Markdown. */
export function reportScreen(report: RecoveryReport, screen: Screen): string[] {
  const { width, style } = screen;
  const { status } = report;
  const tone = report.outcome === 'recovered' ? 'good' : report.outcome === 'undone' ? 'warning' : 'bad';
  return [
    style(tone, `${status.title}, ${status.environment}: ${report.outcome.toUpperCase()}`),
    ...wrap(report.headline, width),
    '',
    ...objectiveLines(report, screen),
    '',
    ...fields(factsOf(report), width),
    '',
    ...rowTable(report, screen),
    ...stepTable(status.steps, screen),
    '',
    ...verificationLines(report, screen),
    ...reconciliationLines(report, width),
    ...decisionLines(report, width),
    ...report.improvements.flatMap(({ what }) => hang('to improve: ', what, width)),
    ...status.warnings.flatMap((warning) => hang('warning: ', warning, width)),
    ...status.measures.flatMap(({ inForce, since }) =>
      hang('STILL IN FORCE: ', `${inForce}, since ${utc(since)}`, width),
    ),
  ];
}

function objectiveLines({ rto, rpo, waitedForPeopleMs }: RecoveryReport, { width, style }: Screen): string[] {
  const line = (name: string, { objectiveMs, measuredMs, met, basis }: MeasuredObjective) => {
    const verdict = met === null ? 'unknown' : met ? 'met' : 'MISSED';
    const figures = `${name}  ${duration(measuredMs)} of ${duration(objectiveMs)}: ${verdict}`;
    return [
      style(met === true ? 'good' : met === false ? 'bad' : 'warning', figures),
      ...hang('     ', basis, width),
    ];
  };
  return [
    ...line('RTO', rto),
    ...line('RPO', rpo),
    `Waited for people: ${duration(waitedForPeopleMs)}, which the RTO includes.`,
  ];
}

function factsOf(report: RecoveryReport): (readonly [string, string])[] {
  const { status, recoveryPoint, restoredToUnix, discardedWindow, safetyCopies, brokenGlass, storedAt } =
    report;
  const { recoveredTo = null } = report;
  return [
    ...(recoveryPoint === null
      ? []
      : [
          ['project', `${recoveryPoint.project.name} (${recoveryPoint.project.ref})`] as const,
          ['asked for', utcSecond(recoveryPoint.targetUnix)] as const,
        ]),
    ['restored to', restoredToUnix === null ? 'not restored, or not seen to end' : utcSecond(restoredToUnix)],
    ...(recoveredTo === null
      ? []
      : [['recovered to', `${utc(recoveredTo.at)}, by ${sourceOf(recoveredTo)}`] as const]),
    ['incident', utc(status.incidentAt)],
    ['started', `${utc(status.startedAt)} by ${status.startedBy} (identity unverified): ${status.reason}`],
    ...(discardedWindow === null
      ? []
      : [
          [
            'discarded',
            `commits from ${utc(discardedWindow.from)} to ${utc(discardedWindow.to)} (${duration(discardedWindow.ms)})`,
          ] as const,
        ]),
    ...(safetyCopies.length === 0
      ? [['safety copy', 'NO SAFETY COPY was made'] as const]
      : safetyCopies.map(
          (copy) => ['safety copy', `${copy.bucket}/${copy.key}, ${bytes(copy.bytes)}`] as const,
        )),
    ...brokenGlass.map((line) => ['GLASS BROKEN', line] as const),
    ['run', `${status.workflowId} ${status.runId}`],
    ...storedAt.map((key) => ['stored as', key] as const),
  ];
}

function rowTable({ tables }: RecoveryReport, { style }: Screen): string[] {
  if (tables.length === 0) return [];
  const table = new Table({
    ...borderless,
    head: ['ROWS', 'BEFORE', 'DISCARDED', 'BROUGHT BACK', 'AFTER'],
    colWidths: [26, 10, 11, 14, 10],
    colAligns: ['left', 'right', 'right', 'right', 'right'],
  });
  for (const { table: name, before, discarded, broughtBack, after } of tables) {
    table.push([name, count(before), count(discarded), count(broughtBack), count(after)]);
  }
  const [head = '', ...lines] = table.toString().split('\n');
  return [style('faint', head), ...lines.map((line) => line.trimEnd()), ''];
}

function verificationLines({ verification }: RecoveryReport, { width, style }: Screen): string[] {
  if (verification === null) return [style('bad', 'Nothing was verified.'), ''];
  const failed = verification.checks.filter(({ passed }) => !passed);
  const bad = failed.some(({ advisory }) => !advisory);
  return [
    style(
      bad ? 'bad' : failed.length === 0 ? 'good' : 'warning',
      `Verified: ${verification.checks.length - failed.length} of ${plural(verification.checks.length, 'check', 'checks')} passed`,
    ),
    ...failed.flatMap(({ name, advisory, found, expected }) =>
      hang(advisory ? '  JUDGE   ' : '  FAILED  ', `${name}: found ${found}, expected ${expected}`, width),
    ),
    '',
  ];
}

function reconciliationLines({ reconciliation }: RecoveryReport, width: number): string[] {
  if (reconciliation === null) return [];
  return [
    'What the rewind undid besides rows:',
    ...reconciliation.items.flatMap(({ what, found, mended, needsPerson }) =>
      hang(
        needsPerson ? '  LOOK  ' : '  ',
        `${what}: ${found}${mended === null ? '' : `; mended: ${mended}`}`,
        width,
      ),
    ),
    '',
  ];
}

function decisionLines({ status }: RecoveryReport, width: number): string[] {
  if (status.decisions.length === 0) return [];
  return [
    'Decisions (identities unverified):',
    ...status.decisions.flatMap(({ at, by, kind, step, verdict, reason, breakGlass }) =>
      hang(
        '  ',
        `${utc(at)}  ${by}: ${kind} ${step ?? ''}: ${verdict}${reason === null ? '' : ` "${reason}"`}${breakGlass === null ? '' : ` GLASS BROKEN: "${breakGlass}"`}`,
        width,
      ),
    ),
    '',
  ];
}
