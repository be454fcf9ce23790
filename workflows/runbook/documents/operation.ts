import type { Document, Section, Tone } from '../../contracts/document.ts';
import { commandFor, type OperationCheck, type OperationRecord } from '../../contracts/operations.ts';
import { duration, utc } from '../format.ts';
import { partsTimeline } from './parts-timeline.ts';
import { listSection, tableSection } from './sections.ts';

const tones = { succeeded: 'good', failed: 'bad', 'stood-back': 'warning' } as const satisfies Record<
  OperationRecord['outcome'],
  Tone
>;

/** The record of an operation, such as a restore test, to be read. */
export function operationDocument(record: OperationRecord): Document {
  const { operation, environment, tier, outcome, summary, restores, checks, failure } = record;
  return {
    title: `${operation}${tier === null ? '' : ` (${tier})`}, ${environment}`,
    verdict: { text: outcome, tone: tones[outcome] },
    headline: failure === null ? summary : `${failure.happened} ${failure.meaning}`,
    sections: [
      runSection(record),
      ...tableSection(
        'Restores that were measured',
        ['From', 'Took'],
        restores.map(({ from, ms }) => [from, duration(ms)]),
        [1],
      ),
      ...tableSection(
        'Checks',
        ['Verdict', 'Check', 'Found', 'Expected'],
        checks.map((check) => [verdictOf(check), check.name, check.found, check.expected]),
      ),
      ...listSection('Details', record.details ?? []),
      ...listSection('What to improve', toImprove(record)),
    ],
  };
}

function runSection(record: OperationRecord): Section {
  const { startedAt, finishedAt, workflowId, runId, startedBy, parts = [] } = record;
  const items = [
    `Run: ${workflowId}, ${runId}`,
    `Started by ${startedBy} at ${utc(startedAt)}, finished ${utc(finishedAt)}, took ${duration(took(record))}`,
    ...parts.map((part) => `${part.name}: ${duration(took(part))}`),
  ];
  return {
    title: 'Timeline',
    blocks: [...partsTimeline('When each part ran', parts), { kind: 'list', items }],
  };
}

function took({ startedAt, finishedAt }: Pick<OperationRecord, 'startedAt' | 'finishedAt'>): number {
  return Date.parse(finishedAt) - Date.parse(startedAt);
}

function verdictOf({ passed, advisory }: OperationCheck): string {
  return passed ? 'passed' : advisory === true ? 'for a person to judge' : 'FAILED';
}

/** What failed, and the part that took longest. */
function toImprove({ failure, checks, parts = [], ...kind }: OperationRecord): readonly string[] {
  const [slowest, ...others] = parts.toSorted((a, b) => took(b) - took(a));
  return [
    ...(failure === null ? [] : [`${failure.next} Then again: npx dr ${commandFor(kind)}`]),
    ...checks
      .filter(({ passed }) => !passed)
      .map((check) => `${verdictOf(check)}: ${check.name}: found ${check.found}, expected ${check.expected}`),
    ...(slowest === undefined || others.length === 0
      ? []
      : [`The slowest part was “${slowest.name}”: ${duration(took(slowest))}.`]),
  ];
}
