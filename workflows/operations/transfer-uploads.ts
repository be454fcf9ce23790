import type { OperationRecord, UploadsTransferInput } from '../contracts/operations.ts';
import { activities } from '../runbook/activities.ts';
import { holdingPlaces } from './holding-places.ts';
import { runOperation } from './operation.ts';
import { describeSync } from './uploads-result.ts';
import { chooseWay, placeName } from './uploads-way.ts';

const dayMs = 24 * 3_600_000;

/**
 * Synchronises uploads between two places of the policy: to another bucket, or back to the application's. Only from
 * where the policy copies from are deletions followed; on any other way nothing is deleted at the destination.
 *
 * @throws ApplicationFailure of type `input-invalid` for a place that is not in the policy or cannot be used; then
 *   nothing was changed, and there is neither a record nor an alert
 */
export async function transferUploads(input: UploadsTransferInput): Promise<OperationRecord> {
  const { uploads } = await activities.governance.admit({ environment: input.environment, startedBy: null });
  const way = chooseWay(uploads, input);
  await activities.uploads.checkPlaces({ from: way.from, to: way.to });
  return runOperation(
    {
      name: 'uploads-transfer',
      title: `Uploads from ${placeName(way.from)} to ${placeName(way.to)}`,
      failureMeans: 'What was not taken over is still at its source only.',
      work: async ({ environment, replaceNewer }: UploadsTransferInput, { backups }) =>
        describeSync(
          await holdingPlaces(environment, way, () =>
            activities.uploads.syncUploads({
              ...way,
              replaceNewer,
              keepDays: backups.deletedUploadsGraceMs / dayMs,
              verify: 'changes',
            }),
          ),
        ),
    },
    input,
  );
}
