import { z } from 'zod';
import type { Fingerprint } from '../../workflows/contracts/fingerprint.ts';
import { isRunnableScenario, type RunnableScenario } from '../../workflows/contracts/names.ts';
import type { DrillEvidence } from '../../workflows/contracts/scenario-readiness.ts';
import { requireEnvironment } from '../alerting/keys.ts';
import { checkSchema, parseStored } from '../alerting/schemas.ts';
import { newestKeys } from '../newest-keys.ts';
import type { ObjectStore } from '../ports.ts';

/** Records of an environment that are read, newest first: years of monthly drills. */
const newestRead = 60;

const parts = z.record(z.string(), z.string());
const fingerprint: z.ZodType<Fingerprint> = z.object({
  code: parts,
  policy: parts,
  schema: parts,
  provider: parts,
});

const evidenceSchema: z.ZodType<DrillEvidence> = z.object({
  environment: z.string(),
  scenario: z.custom<RunnableScenario>(isRunnableScenario),
  finishedAt: z.iso.datetime({ offset: true }),
  succeeded: z.boolean(),
  failure: z.string().nullable(),
  criteria: z.array(checkSchema.omit({ measured: true })),
  fingerprint: fingerprint.nullable(),
});

/**
 * Reads what drills in these environments verified, newest first in each. A record that cannot be read, or lies under
 * another environment's name, is passed over.
 *
 * @throws DrError `input-invalid`, `store-unavailable` (retried) or `store-refused`
 */
export async function listDrillEvidence(
  store: Pick<ObjectStore, 'list' | 'getText'>,
  { environments }: { readonly environments: readonly string[] },
): Promise<readonly DrillEvidence[]> {
  const found = await Promise.all(environments.map((environment) => ofEnvironment(store, environment)));
  return found.flat();
}

async function ofEnvironment(
  store: Pick<ObjectStore, 'list' | 'getText'>,
  environment: string,
): Promise<readonly DrillEvidence[]> {
  requireEnvironment(environment);
  const keys = (await newestKeys(store, `drills/${environment}/`)).slice(0, newestRead);
  const texts = await Promise.all(keys.map((key) => store.getText(key)));
  return texts.flatMap((text) => {
    const evidence = parseStored(evidenceSchema, text);
    return evidence?.environment === environment ? [evidence] : [];
  });
}
