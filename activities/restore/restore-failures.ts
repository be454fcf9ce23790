import { DrError } from '../errors.ts';
import { durationText } from './text.ts';

/** What the texts about a restore that went wrong name. */
export interface RestoreInTrouble {
  readonly elapsedMs: number;
  /** The provider's own word. */
  readonly rawStatus: string;
  /** What the database was last seen to say about the row that only a rewind removes. */
  readonly rowSeen: string;
}

const ask =
  'Give the support ticket to the provider (it must end or roll back the restore, not begin another). ';

/** The provider says that the restore failed. */
export function restoreFailed({ rawStatus, rowSeen }: RestoreInTrouble): DrError {
  return new DrError('restore-failed', {
    happened: `The provider reports that the restore failed (status ${rawStatus}); the row written before the request ${rowSeen}.`,
    meaning: 'The database may be down or half restored; the fence stays up.',
    next: `${ask}Look at the project in the dashboard before another target is tried.`,
  });
}

/** The restore did not end in time. */
export function restoreStuck({ elapsedMs, rawStatus, rowSeen }: RestoreInTrouble): DrError {
  return new DrError('restore-stuck', {
    happened: `The restore has not ended after ${durationText(elapsedMs)} (status ${rawStatus}); the row written before the request ${rowSeen}.`,
    meaning: 'It may still end by itself; until then the database is not usable and the fence stays up.',
    next: `${ask}Retry this step to wait longer.`,
  });
}

/** The project is healthy and was not rewound. */
export function restoreNotAccepted({ rawStatus }: RestoreInTrouble): DrError {
  return new DrError('restore-not-accepted', {
    happened:
      `The project is healthy (status ${rawStatus}) and its database answers, but what was written after the target ` +
      'is still there: no restore took place.',
    meaning: 'Nothing was rewound; the database is as it was before the request, and the fence stays up.',
    next: `${ask}Make sure in the dashboard that no restore is queued. Then replan, which asks for a new approval, or abort.`,
  });
}
