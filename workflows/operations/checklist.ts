import type { ChecklistInput, ChecklistReport } from '../contracts/checklist.ts';
import type { OperationName, OperationRecord } from '../contracts/operations.ts';
import { activities } from '../runbook/activities.ts';
import { answerQuestion } from './checklist-answer.ts';
import { checklistQuestions } from './checklist-items.ts';

/** Records of each operation that are read: more than the half-hourly backups of a day and a night. */
const limit = 64;

/**
 * Answers the procedure's daily, weekly and monthly checklist (section 7) by what operations and people left behind. Reads
 * only.
 *
 * @throws `store-unavailable` after its retries, `store-refused`; not retried
 */
export async function checklist({ environment }: ChecklistInput): Promise<ChecklistReport> {
  const policy = await activities.governance.admit({ environment, startedBy: null });
  const questions = checklistQuestions(policy);
  const asked = new Set(
    questions.flatMap(({ answeredBy }) => ('operation' in answeredBy ? answeredBy.operation : [])),
  );
  const [records, attestations, incidents] = await Promise.all([
    readRecords(environment, [...asked]),
    activities.attestations.listAttestations({ environment }),
    activities.alerting.listIncidents({ environment }),
  ]);
  const nowMs = Date.now();
  return {
    environment,
    at: new Date(nowMs).toISOString(),
    items: questions.map((question) =>
      answerQuestion(question, { records, attestations, incidents }, policy, nowMs),
    ),
    incidents,
  };
}

async function readRecords(
  environment: string,
  operations: readonly OperationName[],
): Promise<ReadonlyMap<OperationName, readonly OperationRecord[]>> {
  return new Map(
    await Promise.all(
      operations.map(
        async (operation) =>
          [
            operation,
            await activities.alerting.listOperationRecords({ environment, operation, limit }),
          ] as const,
      ),
    ),
  );
}
