import { z } from 'zod';
import type { DrillsReport } from '../../workflows/contracts/drills.ts';
import { isRunnableScenario, type RunnableScenario } from '../../workflows/contracts/names.ts';
import { requireEnvironment } from '../alerting/keys.ts';
import { parseStored } from '../alerting/schemas.ts';
import { newestKeys } from '../newest-keys.ts';
import { configuredMeans, missingFor } from './choose-fault.ts';
import type { DrillDependencies } from './dependencies.ts';
import { refusalOfDrills } from './guard.ts';

const moment = z.iso.datetime({ offset: true });
const record: z.ZodType<DrillsReport['records'][number]> = z.object({
  id: z.string(),
  scenario: z.custom<RunnableScenario>(isRunnableScenario),
  fault: z.object({ id: z.string(), title: z.string() }),
  startedAt: moment,
  finishedAt: moment,
  verdict: z.enum(['verified (sandbox)', 'verified (staging)', 'not verified']),
  succeeded: z.boolean(),
  startedBy: z.string(),
});

/** Records that are shown. */
const shown = 12;

/**
 * Tells which faults could be made here, why no drill may be held where that is so, and how the last drills went.
 *
 * @throws DrError `input-invalid`, `store-unavailable` (retried), `store-refused`
 */
export async function listDrills(
  deps: DrillDependencies,
  { environment }: { readonly environment: string },
): Promise<DrillsReport> {
  requireEnvironment(environment);
  const configured = configuredMeans(deps);
  const keys = (await newestKeys(deps.store, `drills/${environment}/`)).slice(0, shown);
  const records = await Promise.all(
    keys.map(async (key) => parseStored(record, await deps.store.getText(key))),
  );
  return {
    environment,
    refusal: refusalOfDrills(deps),
    faults: deps.policy.drill.faults.map((fault) => ({
      id: fault.id,
      scenario: fault.scenario,
      title: fault.title,
      missing: missingFor(fault, configured),
    })),
    records: records.filter((item) => item !== undefined),
  };
}
