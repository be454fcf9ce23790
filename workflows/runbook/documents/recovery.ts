import type { Block, Document, ObjectiveFigure, Section, Tone } from '../../contracts/document.ts';
import type { MeasuredObjective, RecoveryReport } from '../../contracts/report.ts';
import type { RecoveryOutcome } from '../../contracts/status.ts';
import { sourceOf } from '../clocks.ts';
import { bytes, count, duration, utc, utcSecond } from '../format.ts';
import { improvementSection } from './improvement-section.ts';
import { listSection, tableSection } from './sections.ts';
import { triesOf } from './step-times.ts';
import { recoveryTimeline } from './timeline.ts';

const tones = {
  recovered: 'good',
  undone: 'warning',
  'left-fenced': 'bad',
  'left-changed': 'bad',
  'handed-over': 'warning',
} as const satisfies Record<RecoveryOutcome, Tone>;

/** The report of a recovery, to be read. What is not known says `unknown`. */
export function recoveryDocument(report: RecoveryReport): Document {
  return {
    title: `${report.status.title}, ${report.status.environment}`,
    verdict: { text: report.outcome, tone: tones[report.outcome] },
    headline: report.headline,
    sections: recoverySections(report),
  };
}

/** The parts of {@link recoveryDocument}, for a document that tells of more than the recovery. */
export function recoverySections(report: RecoveryReport): readonly Section[] {
  return [
    objectives(report),
    lossAndGain(report),
    ...rows(report),
    ...timeline(report),
    steps(report),
    ...decisions(report),
    evidence(report),
    ...verification(report),
    ...reconciliation(report),
    improvementSection(report.improvements),
    ...listSection('Know this', report.status.warnings),
    ...listSection(
      'The old production stays as it is',
      (report.oldProductionKept ?? []).map(({ inForce, since }) => `${inForce}, since ${utc(since)}`),
    ),
    ...listSection(
      'Still in force',
      report.status.measures.map((measure) => `${measure.inForce}, since ${utc(measure.since)}`),
    ),
  ];
}

function objectives({ rto, rpo, waitedForPeopleMs }: RecoveryReport): Section {
  return {
    title: 'Objectives',
    blocks: [
      { kind: 'objectives', figures: [figure('RTO', rto), figure('RPO', rpo)] },
      {
        kind: 'text',
        text: `Waited for people: ${duration(waitedForPeopleMs)}, included in the RTO.`,
      },
    ],
  };
}

function figure(name: string, { objectiveMs, measuredMs, met, basis }: MeasuredObjective): ObjectiveFigure {
  return {
    name,
    objective: duration(objectiveMs),
    measured: duration(measuredMs),
    verdict: met === null ? 'unknown' : met ? 'met' : 'MISSED',
    basis,
    share: measuredMs === null || objectiveMs <= 0 ? null : measuredMs / objectiveMs,
  };
}

function timeline(report: RecoveryReport): readonly Section[] {
  const drawn = recoveryTimeline(report);
  return drawn === null
    ? []
    : [{ title: 'Timeline', blocks: [{ kind: 'timeline', timeline: drawn } satisfies Block] }];
}

function lossAndGain(report: RecoveryReport): Section {
  const { status, recoveryPoint, restoredToUnix, discardedWindow, rpo, recoveredTo = null } = report;
  const items = [
    `Incident: ${utc(status.incidentAt)}`,
    ...(recoveryPoint === null
      ? []
      : [`Asked for: ${utcSecond(recoveryPoint.targetUnix)} (plan revision ${status.revision})`]),
    `Restored to: ${restoredToUnix === null ? 'not restored, or not seen to end' : utcSecond(restoredToUnix)}`,
    ...(recoveredTo === null ? [] : [`Recovered to: ${utc(recoveredTo.at)}, by ${sourceOf(recoveredTo)}`]),
    ...(discardedWindow === null
      ? []
      : [
          `Discarded window: from ${utc(discardedWindow.from)} to ${utc(discardedWindow.to)} (${duration(discardedWindow.ms)})`,
        ]),
    `Time of data lost: ${duration(rpo.measuredMs)} (${rpo.basis})`,
  ];
  return { title: 'Lost and recovered', blocks: [{ kind: 'list', items }] };
}

function rows({ tables }: RecoveryReport): readonly Section[] {
  const body = tables.map(({ table: name, before, after, discarded, broughtBack }) => [
    name,
    count(before),
    count(discarded),
    count(broughtBack),
    count(after),
  ]);
  return tableSection('Rows', ['Table', 'Before', 'Discarded', 'Brought back', 'After'], body, [1, 2, 3, 4]);
}

function steps({ status }: RecoveryReport): Section {
  const body = status.steps.map((step) => [
    step.title,
    step.state,
    step.startedAt !== null && step.finishedAt !== null
      ? duration(Date.parse(step.finishedAt) - Date.parse(step.startedAt))
      : '',
    step.waitedForPeopleMs > 0 ? duration(step.waitedForPeopleMs) : '',
    String(triesOf(step)),
    step.failure === null ? (step.summary ?? '') : step.failure.happened,
  ]);
  const head = ['Step', 'State', 'Took', 'Of it waiting for people', 'Tries', 'Finding'];
  return { title: 'Steps', blocks: [{ kind: 'table', head, rows: body, numeric: [2, 3, 4] }] };
}

function decisions({ status, brokenGlass }: RecoveryReport): readonly Section[] {
  const body = status.decisions.map((decision) => [
    utc(decision.at),
    `${decision.by} (unverified)`,
    decision.kind,
    decision.step ?? '',
    decision.verdict,
    decision.reason ?? decision.breakGlass ?? '',
  ]);
  const head = ['When', 'Who', 'Answer', 'Step', 'Verdict', 'Reason'];
  const [section] = tableSection('Decisions', head, body);
  if (section === undefined) return [];
  const broken = brokenGlass.map((line) => `GLASS BROKEN by ${line}`);
  const list: readonly Block[] = broken.length === 0 ? [] : [{ kind: 'list', items: broken }];
  return [{ ...section, blocks: [...section.blocks, ...list] }];
}

function evidence({ status, recoveryPoint, safetyCopies, storedAt, finishedAt }: RecoveryReport): Section {
  const items = [
    `Environment: ${status.environment}${recoveryPoint ? `, project ${recoveryPoint.project.name} (${recoveryPoint.project.ref})` : ''}`,
    `Run: ${status.workflowId}, ${status.runId}`,
    `Started by ${status.startedBy} at ${utc(status.startedAt)}: ${status.reason}`,
    `Finished: ${utc(finishedAt)}`,
    ...(status.plan === null
      ? []
      : [`Last plan: revision ${status.plan.plan.revision}, SHA-256 ${status.plan.digest}`]),
    ...(safetyCopies.length === 0
      ? ['NO SAFETY COPY was made']
      : safetyCopies.map(
          (copy) =>
            `Safety copy: ${copy.bucket}/${copy.key}, ${bytes(copy.bytes)}, of ${utc(copy.snapshotAt)}, SHA-256 ${copy.sha256}`,
        )),
    ...storedAt.map((key) => `Stored as: ${key}`),
  ];
  return { title: 'Evidence', blocks: [{ kind: 'list', items }] };
}

function verification(report: RecoveryReport): readonly Section[] {
  const body = (report.verification?.checks ?? []).map(({ name, passed, advisory, found, expected }) => [
    passed ? 'passed' : advisory ? 'for a person to judge' : 'FAILED',
    name,
    found,
    expected,
  ]);
  return tableSection('Verification', ['Verdict', 'Check', 'Found', 'Expected'], body);
}

function reconciliation(report: RecoveryReport): readonly Section[] {
  const body = (report.reconciliation?.items ?? []).map(({ what, found, mended, needsPerson }) => [
    what,
    found,
    mended ?? (needsPerson ? 'LOOK AT THIS' : 'nothing to mend'),
  ]);
  return tableSection('What the rewind undid besides rows', ['What', 'Found', 'Mended'], body);
}
