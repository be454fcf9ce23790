import type { SchedulesInput, SchedulesReport } from '../contracts/operations.ts';
import { activities } from '../runbook/activities.ts';

/**
 * Makes the schedules in Temporal what the policy says, when asked to, and reads them back.
 *
 * @throws `orchestrator-unavailable` after its retries
 */
export async function schedules({ environment, apply, upcoming }: SchedulesInput): Promise<SchedulesReport> {
  const changes = apply ? await activities.coordination.applySchedules({ environment }) : [];
  return { changes, schedules: await activities.coordination.listSchedules({ environment, upcoming }) };
}
