import type { OperationInput, OperationRecord } from '../contracts/operations.ts';
import type { Policy } from '../contracts/policy.ts';
import { activities } from '../runbook/activities.ts';
import { holdingPlaces } from './holding-places.ts';
import { checkExposure } from './loss-exposure.ts';
import { type OperationResult, runOperation } from './operation.ts';
import { describeSync } from './uploads-result.ts';

const dayMs = 24 * 3_600_000;

/** Copies uploaded files to a safe place; what was deleted at its source is kept for a while (procedure, section 2). */
export async function syncUploads(input: OperationInput): Promise<OperationRecord> {
  return runOperation(
    {
      name: 'uploads-sync',
      title: 'Copy of the uploaded files',
      failureMeans: 'Files that were uploaded since the last good copy exist once only.',
      work: ({ environment }: OperationInput, policy) => copyUploads('changes', environment, policy),
    },
    input,
  );
}

/**
 * Copies uploaded files to where the policy says.
 *
 * @param verify whether files that look unchanged are read and compared as well
 * @throws ApplicationFailure of type `uploads-busy` when another run copies to the same place
 */
export async function copyUploads(
  verify: 'changes' | 'everything',
  environment: string,
  policy: Policy,
): Promise<OperationResult> {
  const { from, to } = policy.uploads;
  const way = { from, to, purpose: 'backup' } as const;
  const synced = await holdingPlaces(environment, way, () =>
    activities.uploads.syncUploads({
      ...way,
      keepDays: policy.backups.deletedUploadsGraceMs / dayMs,
      verify,
    }),
  );
  const { summary, checks, details } = describeSync(synced);
  return {
    summary,
    details,
    checks: [
      ...checks,
      // Reading everything takes longer than the half-hourly copy does.
      ...(verify === 'changes' ? [checkExposure(policy, synced.durationMs)] : []),
    ],
  };
}
