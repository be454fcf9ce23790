import type { OperationInput, OperationRecord } from '../contracts/operations.ts';
import { activities } from '../runbook/activities.ts';
import { bytes, duration, plural } from '../runbook/format.ts';
import { runOperation } from './operation.ts';

const dayMs = 24 * 3_600_000;

/** Copies uploaded files to a safe place; what was deleted at its source is kept for a while (procedure, section 2). */
export async function syncUploads(input: OperationInput): Promise<OperationRecord> {
  return runOperation(
    {
      name: 'uploads-sync',
      title: 'Copy of the uploaded files',
      failureMeans: 'Files that were uploaded since the last good copy exist once only.',
      retryCommand: 'uploads sync',
      work: async (_input: OperationInput, policy) => {
        const synced = await activities.uploads.syncUploads({
          ...policy.uploads,
          purpose: 'backup',
          keepDays: policy.backups.deletedUploadsGraceMs / dayMs,
          verify: 'changes',
        });
        const { objects, bytes: size } = synced.transferred;
        return {
          summary: `${plural(objects, 'file', 'files')} (${bytes(size)}) of ${synced.listed.source} copied, ${synced.unchanged} unchanged, in ${duration(synced.durationMs)}`,
          checks: [
            {
              name: 'every file is in the copy',
              passed: synced.complete,
              found: `${synced.failures.count} failed ${synced.failures.first
                .slice(0, 3)
                .map(({ key, message }) => `${key}: ${message}`)
                .join('; ')}`.trim(),
              expected: '0 failed',
            },
            {
              name: 'no file had to be refused',
              passed: synced.refused.count === 0,
              found: `${synced.refused.count} refused ${synced.refused.first
                .slice(0, 3)
                .map(({ key, why }) => `${key}: ${why}`)
                .join('; ')}`.trim(),
              expected: '0 refused',
            },
            {
              name: 'the source was not suddenly empty',
              passed: !synced.sourceWasEmpty,
              found: `${synced.listed.source} at the source, ${synced.listed.destination} in the copy`,
              expected: 'files at the source, when there are some in the copy',
            },
          ],
        };
      },
    },
    input,
  );
}
