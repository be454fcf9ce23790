import type { ChecklistInput, ChecklistReport } from '../contracts/checklist.ts';
import type { OperationName, OperationRecord } from '../contracts/operations.ts';
import { activities } from '../runbook/activities.ts';
import { answerQuestion } from './checklist-answer.ts';
import { checklistQuestions } from './checklist-items.ts';
import { known } from './readiness/facts.ts';

/** Records of each operation that are read: more than the half-hourly backups of a day and a night. */
const limit = 64;

/**
 * Answers the procedure's checklist (sections 7 and 10) by what operations, drills and reviews left behind. Reads only.
 *
 * @throws `store-unavailable` after its retries, `store-refused`; not retried
 */
export async function checklist({ environment }: ChecklistInput): Promise<ChecklistReport> {
  const policy = await activities.governance.admit({ environment, startedBy: null });
  const questions = checklistQuestions(policy);
  const asked = new Set(
    questions.flatMap(({ answeredBy }) => (answeredBy === 'monitor' ? [] : answeredBy.operation)),
  );
  const [records, monitor, incidents] = await Promise.all([
    readRecords(environment, [...asked], policy.verification.drillsOf),
    known(activities.probes.readMonitor({ environment })),
    activities.alerting.listIncidents({ environment }),
  ]);
  const nowMs = Date.now();
  return {
    environment,
    at: new Date(nowMs).toISOString(),
    items: questions.map((question) => answerQuestion(question, { records, monitor, incidents }, nowMs)),
    incidents,
  };
}

/** @param drillsOf other environments whose drills count as this one's */
async function readRecords(
  environment: string,
  operations: readonly OperationName[],
  drillsOf: readonly string[],
): Promise<ReadonlyMap<OperationName, readonly OperationRecord[]>> {
  const read = async (operation: OperationName) => {
    const places = operation === 'drill' ? [environment, ...drillsOf] : [environment];
    const found = await Promise.all(
      places.map((place) =>
        activities.alerting.listOperationRecords({ environment: place, operation, limit }),
      ),
    );
    const newestFirst = found.flat().toSorted((a, b) => (a.startedAt < b.startedAt ? 1 : -1));
    return [operation, newestFirst] as const;
  };
  return new Map(await Promise.all(operations.map(read)));
}
