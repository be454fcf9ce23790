import type { DrillsReport } from '../contracts/drills.ts';
import { activities } from '../runbook/activities.ts';

/**
 * Tells which drills could be held, and how the last ones went. Reads only.
 *
 * @throws `input-invalid` for another environment than the worker's; `store-unavailable` after its retries, `store-refused`
 */
export async function listDrills({ environment }: { readonly environment: string }): Promise<DrillsReport> {
  await activities.governance.admit({ environment, startedBy: null });
  return activities.drills.listDrills({ environment });
}
