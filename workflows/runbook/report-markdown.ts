import type { MeasuredObjective, RecoveryReport } from '../contracts/report.ts';
import { bytes, count, duration, utc, utcSecond } from './format.ts';

/** The report as Markdown, for the terminal, the store and the mail. What is not known says `unknown`. */
export function renderReport(report: RecoveryReport): string {
  return [
    `# ${report.status.title}: ${report.outcome}`,
    report.headline,
    objectives(report),
    facts(report),
    tables(report),
    steps(report),
    verification(report),
    reconciliation(report),
    decisions(report),
    list('Know this', report.status.warnings),
    list(
      'The old production stays as it is',
      (report.oldProductionKept ?? []).map(({ inForce, since }) => `${inForce}, since ${utc(since)}`),
    ),
    list(
      'Still in force',
      report.status.measures.map((measure) => `${measure.inForce}, since ${utc(measure.since)}`),
    ),
  ]
    .filter((section) => section !== '')
    .join('\n\n');
}

function objectives({ rto, rpo, waitedForPeopleMs }: RecoveryReport): string {
  const row = (name: string, objective: MeasuredObjective) => [
    name,
    duration(objective.objectiveMs),
    duration(objective.measuredMs),
    objective.met === null ? 'unknown' : objective.met ? 'met' : 'MISSED',
    objective.basis,
  ];
  return `## Objectives\n\n${table(
    ['', 'Objective', 'Measured', 'Verdict', 'Measured how'],
    [row('RTO', rto), row('RPO', rpo)],
  )}\n\nWaited for people: ${duration(waitedForPeopleMs)}, included in the RTO.`;
}

function facts(report: RecoveryReport): string {
  const { status, recoveryPoint, restoredToUnix, discardedWindow, safetyCopies, brokenGlass, storedAt } =
    report;
  const lines = [
    `Environment: ${status.environment}${recoveryPoint ? `, project ${recoveryPoint.project.name} (${recoveryPoint.project.ref})` : ''}`,
    `Run: ${status.workflowId}, ${status.runId}`,
    `Started by ${status.startedBy} at ${utc(status.startedAt)}: ${status.reason}`,
    `Incident: ${utc(status.incidentAt)}`,
    ...(recoveryPoint === null
      ? []
      : [`Asked for: ${utcSecond(recoveryPoint.targetUnix)} (plan revision ${status.revision})`]),
    `Restored to: ${restoredToUnix === null ? 'not restored, or not seen to end' : utcSecond(restoredToUnix)}`,
    ...(discardedWindow === null
      ? []
      : [
          `Discarded window: from ${utc(discardedWindow.from)} to ${utc(discardedWindow.to)} (${duration(discardedWindow.ms)})`,
        ]),
    ...(safetyCopies.length === 0
      ? ['NO SAFETY COPY was made']
      : safetyCopies.map(
          (copy) => `Safety copy: ${copy.bucket}/${copy.key}, ${bytes(copy.bytes)}, SHA-256 ${copy.sha256}`,
        )),
    ...brokenGlass.map((line) => `GLASS BROKEN by ${line}`),
    ...storedAt.map((key) => `Stored as: ${key}`),
  ];
  return lines.map((line) => `- ${line}`).join('\n');
}

function tables({ tables: rows }: RecoveryReport): string {
  if (rows.length === 0) return '';
  const body = rows.map(({ table: name, before, after, discarded, broughtBack }) => [
    name,
    count(before),
    count(discarded),
    count(broughtBack),
    count(after),
  ]);
  return `## Rows\n\n${table(['Table', 'Before', 'Discarded', 'Brought back', 'After'], body)}`;
}

function steps({ status }: RecoveryReport): string {
  const body = status.steps.map((step) => [
    step.title,
    step.state,
    step.startedAt !== null && step.finishedAt !== null
      ? duration(Date.parse(step.finishedAt) - Date.parse(step.startedAt))
      : '',
    step.waitedForPeopleMs > 0 ? duration(step.waitedForPeopleMs) : '',
    step.failure === null ? (step.summary ?? '') : step.failure.happened,
  ]);
  return `## Steps\n\n${table(['Step', 'State', 'Took', 'Of it waiting for people', 'Finding'], body)}`;
}

function verification(report: RecoveryReport): string {
  if (report.verification === null) return '';
  const body = report.verification.checks.map(({ name, passed, advisory, found, expected }) => [
    passed ? 'passed' : advisory ? 'for a person to judge' : 'FAILED',
    name,
    found,
    expected,
  ]);
  return `## Verification\n\n${table(['', 'Check', 'Found', 'Expected'], body)}`;
}

function reconciliation(report: RecoveryReport): string {
  if (report.reconciliation === null) return '';
  const body = report.reconciliation.items.map(({ what, found, mended, needsPerson }) => [
    what,
    found,
    mended ?? (needsPerson ? 'LOOK AT THIS' : 'nothing to mend'),
  ]);
  return `## What the rewind undid besides rows\n\n${table(['What', 'Found', 'Mended'], body)}`;
}

function decisions({ status }: RecoveryReport): string {
  if (status.decisions.length === 0) return '';
  const body = status.decisions.map((decision) => [
    utc(decision.at),
    `${decision.by} (unverified)`,
    decision.kind,
    decision.step ?? '',
    decision.verdict,
    decision.reason ?? decision.breakGlass ?? '',
  ]);
  return `## Decisions\n\n${table(['When', 'Who', 'Answer', 'Step', 'Verdict', 'Reason'], body)}`;
}

function list(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `## ${title}\n\n${lines.map((line) => `- ${line}`).join('\n')}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((text) => text.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
