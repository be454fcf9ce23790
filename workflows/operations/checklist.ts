import type { ChecklistInput, ChecklistItem, ChecklistReport } from '../contracts/checklist.ts';
import { type OperationName, type OperationRecord, operationWorkflows } from '../contracts/operations.ts';
import { activities } from '../runbook/activities.ts';
import { plural } from '../runbook/format.ts';
import { type ChecklistQuestion, checklistQuestions } from './checklist-items.ts';

/** Records of each operation that are read: more than the half-hourly backups of a day and a night. */
const limit = 64;

/**
 * Answers the procedure's daily, weekly and monthly checklist (section 7) by what the operations left behind. Reads only.
 *
 * @throws `store-unavailable` after its retries, `store-refused`; not retried
 */
export async function checklist({ environment }: ChecklistInput): Promise<ChecklistReport> {
  const questions = checklistQuestions(await activities.governance.admit({ environment, startedBy: null }));
  const asked = new Set(questions.flatMap(({ answeredBy }) => answeredBy?.operation ?? []));
  const records = new Map<OperationName, readonly OperationRecord[]>();
  for (const operation of asked) {
    records.set(operation, await activities.alerting.listOperationRecords({ environment, operation, limit }));
  }
  const incidents = await readIncidents(environment);
  const nowMs = Date.now();
  return {
    environment,
    at: new Date(nowMs).toISOString(),
    items: questions.map((question) => answer(question, records, incidents, nowMs)),
    incidents,
  };
}

async function readIncidents(environment: string): Promise<ChecklistReport['incidents']> {
  const found = await Promise.all(
    operationNames.map((operation) => activities.alerting.readIncident({ environment, operation })),
  );
  return found.filter((incident) => incident !== null);
}

const isOperation = (name: string): name is OperationName => Object.hasOwn(operationWorkflows, name);
const operationNames = Object.keys(operationWorkflows).filter(isOperation);

function answer(
  question: ChecklistQuestion,
  records: ReadonlyMap<OperationName, readonly OperationRecord[]>,
  incidents: ChecklistReport['incidents'],
  nowMs: number,
): ChecklistItem {
  const { answeredBy, period, item, maxAgeMs, command } = question;
  const asked = { period, item, maxAgeMs, command };
  if (answeredBy === null) {
    return { ...asked, state: 'not-recorded', found: question.otherwise ?? 'not recorded', evidence: null };
  }
  const newest = records
    .get(answeredBy.operation)
    ?.find((record) => record.outcome !== 'stood-back' && (answeredBy.counts?.(record) ?? true));
  if (newest === undefined) return { ...asked, state: 'overdue', found: 'never done', evidence: null };
  const { workflowId, runId, startedBy, finishedAt } = newest;
  const evidence = { workflowId, runId, startedBy, finishedAt };
  const problem =
    problemOf(newest, answeredBy) ??
    (answeredBy.withoutIncident && incidents.length > 0
      ? `failing now: ${incidents.map(({ operation }) => operation).join(', ')}`
      : null);
  if (problem !== null) return { ...asked, state: 'failed', found: problem, evidence };
  const tooOld = maxAgeMs !== null && nowMs - Date.parse(finishedAt) > maxAgeMs;
  return { ...asked, state: tooOld ? 'overdue' : 'done', found: foundBy(newest, answeredBy), evidence };
}

type AnsweredBy = NonNullable<ChecklistQuestion['answeredBy']>;

/** Why a record does not answer its item; null when it does. */
function problemOf(record: OperationRecord, { checks }: AnsweredBy): string | null {
  const asked = checks === undefined ? record.checks : record.checks.filter(checks);
  const failed = asked.filter(({ passed }) => !passed);
  const [first] = failed;
  if (first !== undefined) {
    const more = failed.length === 1 ? '' : ` (and ${failed.length - 1} more)`;
    return `${first.name}: found ${first.found}, expected ${first.expected}${more}`;
  }
  if (checks === undefined ? record.outcome === 'failed' : asked.length === 0) {
    return record.failure?.happened ?? 'the run did not look at it';
  }
  return null;
}

function foundBy(record: OperationRecord, { checks }: AnsweredBy): string {
  if (checks === undefined) return record.summary;
  const asked = record.checks.filter(checks);
  const [only] = asked;
  return asked.length === 1 && only !== undefined
    ? `${only.found}, expected ${only.expected}`
    : `${plural(asked.length, 'check', 'checks')} passed`;
}
