import type { OperationInput, OperationRecord } from '../contracts/operations.ts';
import { activities } from '../runbook/activities.ts';
import { runOperation } from './operation.ts';

/** Looks whether every schedule is there and ran when it should have: a missed or skipped run raises an alert. */
export async function checkSchedules(input: OperationInput): Promise<OperationRecord> {
  return runOperation(
    {
      name: 'schedules-check',
      title: 'Check of the schedules',
      failureMeans: 'A backup, test or check did not run when the procedure wants it.',
      work: async ({ environment }: OperationInput) => {
        const previous = await activities.alerting.readScheduleCounts({ environment });
        const { checks, counts } = await activities.coordination.checkSchedules({ environment, previous });
        await activities.alerting.writeScheduleCounts({ environment, counts });
        return {
          summary: `${checks.filter(({ passed }) => passed).length} of ${checks.length} as they should be`,
          checks,
        };
      },
    },
    input,
  );
}
