import type { Fingerprint } from '../../workflows/contracts/fingerprint.ts';
import type { DrillEvidence } from '../../workflows/contracts/scenario-readiness.ts';
import type { FingerprintDependencies } from './dependencies.ts';
import { hashParts } from './hash-parts.ts';
import { listDrillEvidence } from './list-drill-evidence.ts';
import { providerParts } from './provider-parts.ts';
import { schemaParts } from './schema-parts.ts';

export type { FingerprintDependencies } from './dependencies.ts';

/** Activities that tell whether what a drill verified is still what is there. They only read. */
export function createFingerprintActivities(deps: FingerprintDependencies) {
  return {
    /**
     * Takes the fingerprint of code, policy, schema and provider configuration as they are now. Throws `provider-*`,
     * `database-*` or `configuration-invalid`: half a fingerprint would say that nothing changed.
     */
    takeFingerprint: async (): Promise<Fingerprint> => {
      const [code, schema, provider] = await Promise.all([
        deps.sourceCode.parts(),
        schemaParts(deps.database, deps.policy.schemas),
        providerParts(deps),
      ]);
      return { code, policy: hashParts({ ...deps.policy }), schema, provider };
    },
    /** See {@link listDrillEvidence}. */
    listDrillEvidence: (input: {
      readonly environments: readonly string[];
    }): Promise<readonly DrillEvidence[]> => listDrillEvidence(deps.store, input),
  };
}

/** The fingerprint activities as a workflow calls them. */
export type FingerprintActivities = ReturnType<typeof createFingerprintActivities>;
