import type { Document, Section } from '../../contracts/document.ts';
import type { DrillRecord } from '../../contracts/drills.ts';
import { duration, utc } from '../format.ts';
import { partsTimeline } from './parts-timeline.ts';
import { recoverySections } from './recovery.ts';
import { listSection, tableSection } from './sections.ts';

/** The record of a drill, to be read: the drill first, then the report of its recovery. */
export function drillDocument(record: DrillRecord): Document {
  const { environment, scenario, fault, succeeded, verdict, failure, criteria } = record;
  const failed = criteria.filter(({ passed }) => !passed).map(({ name }) => name);
  return {
    title: `Drill: ${scenario}, ${environment}`,
    verdict: { text: verdict, tone: succeeded ? 'good' : 'bad' },
    headline:
      failure !== null
        ? `It was not held to its end: ${failure}`
        : succeeded
          ? `${fault.title}: recovered, every criterion met.`
          : `${fault.title}: NOT every criterion was met: ${failed.join(', ')}.`,
    sections: [
      criteriaSection(record),
      course(record),
      ...answers(record),
      ...data(record),
      ...(record.recovery === null ? [] : recoverySections(record.recovery)),
    ],
  };
}

function criteriaSection({ criteria }: DrillRecord): Section {
  const rows = criteria.map(({ name, passed, found, expected }) => [
    passed ? 'met' : 'NOT MET',
    name,
    found,
    expected,
  ]);
  const head = ['Verdict', 'Criterion', 'Found', 'Expected'];
  return { title: 'Success criteria', blocks: [{ kind: 'table', head, rows }] };
}

function course(record: DrillRecord): Section {
  const { startedBy, startedAt, surprise, unaided, brokenAt, recoveryStartedAt, steps, participants } =
    record;
  return {
    title: 'The drill',
    blocks: [
      ...partsTimeline(
        'When each step of the drill ran',
        steps.map(({ step: name, startedAt: from, finishedAt }) => ({ name, startedAt: from, finishedAt })),
      ),
      {
        kind: 'list',
        items: [
          `Started by ${startedBy} at ${utc(startedAt)}${surprise ? ', as a surprise' : ''}${unaided ? ', unaided' : ''}`,
          `Fault: ${record.fault.title} (${record.fault.id}), at ${utc(brokenAt)}`,
          `Recovery started: ${utc(recoveryStartedAt)}`,
          `Took part: ${participants.map(({ name, took }) => (took === 'part' ? name : `${name} (simulated)`)).join(', ') || 'nobody'}`,
        ],
      },
      {
        kind: 'table',
        head: ['Step', 'Took', 'What'],
        rows: steps.map((step) => [
          step.step,
          duration(Date.parse(step.finishedAt) - Date.parse(step.startedAt)),
          step.summary,
        ]),
        numeric: [1],
      },
    ],
  };
}

function answers({ approvals }: DrillRecord): readonly Section[] {
  return tableSection(
    'Answers',
    ['When', 'Who', 'Answer', 'Step', 'How'],
    approvals.map(({ at, by, kind, step, simulated, accepted }) => [
      utc(at),
      by,
      accepted ? kind : `${kind} (refused)`,
      step ?? '',
      simulated ? 'simulated' : 'in person',
    ]),
  );
}

function data(record: DrillRecord): readonly Section[] {
  if (record.data === null) return [];
  const rows = record.data.tables.map((table) => [
    table.table,
    ...[table.expected, table.missing, table.altered, table.surplus, table.changedSince, table.lostAfter].map(
      String,
    ),
  ]);
  const head = ['Table', 'Recorded', 'Missing', 'Altered', 'Surplus', 'Changed since', 'Lost after'];
  return [
    ...tableSection('Data against what was recorded before the fault', head, rows, [1, 2, 3, 4, 5, 6]),
    ...listSection(
      'Written after the recovery point and lost',
      record.data.lost.map(({ table, key, committedAt }) => `${table} ${key}, of ${utc(committedAt)}`),
    ),
  ];
}
