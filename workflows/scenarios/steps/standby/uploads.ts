import { activities } from '../../../runbook/activities.ts';
import { bytes, plural } from '../../../runbook/format.ts';
import { action } from '../../../runbook/runbook.ts';

const dayMs = 24 * 3_600_000;

/** Brings the copy of the uploaded files to where the standby application reads them. */
export const restoreUploads = action({
  id: 'restore-uploads',
  title: 'Bring the uploaded files back from their copy',
  phase: 'preparing',
  undo: null,
  skippable: 'uploaded files are missing at the standby application',
  when: ({ policy }) => policy.standby.uploads !== null,
  run: async ({ policy }) => {
    const { uploads } = policy.standby;
    if (uploads === null) return {};
    const { transferred, unchanged, failures } = await activities.uploads.syncUploads({
      ...uploads,
      purpose: 'restore',
      keepDays: policy.backups.deletedUploadsGraceMs / dayMs,
      verify: 'changes',
    });
    return { standbyUploads: { ...transferred, unchanged, failed: failures.count } };
  },
  summary: ({ fact }) => {
    const { objects, bytes: size, unchanged, failed } = fact('standbyUploads');
    return `${plural(objects, 'file', 'files')} (${bytes(size)}), ${unchanged} were there, ${failed} failed`;
  },
});
