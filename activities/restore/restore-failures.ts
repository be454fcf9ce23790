import { DrError } from '../errors.ts';
import { durationText, utcText } from './text.ts';

/** What the texts about a restore that went wrong name. */
export interface RestoreInTrouble {
  /** `provider project`, as far as it could be read. */
  readonly project: string;
  readonly targetUnix: number;
  /** When the wait began. */
  readonly since: Date;
  readonly elapsedMs: number;
  /** The provider's own word. */
  readonly rawStatus: string;
}

function ticket(trouble: RestoreInTrouble): string {
  return (
    `Open an urgent ticket with the provider: "Project ${trouble.project}: point-in-time restore to ` +
    `${utcText(trouble.targetUnix)} (recovery_time_target_unix ${trouble.targetUnix}), awaited since ` +
    `${trouble.since.toISOString()}, status ${trouble.rawStatus}. Please complete or roll back the restore; do not ` +
    'start another one."'
  );
}

/** The provider says that the restore failed. */
export function restoreFailed(trouble: RestoreInTrouble): DrError {
  return new DrError('restore-failed', {
    happened: `The provider reports that the restore failed (${trouble.rawStatus}).`,
    meaning: 'The database may be down or half restored; the fence stays up.',
    next: `Look at the project in the dashboard before another target is tried. ${ticket(trouble)}`,
  });
}

/** The restore did not end in time. */
export function restoreStuck(trouble: RestoreInTrouble): DrError {
  return new DrError('restore-stuck', {
    happened: `The restore has not ended after ${durationText(trouble.elapsedMs)} (status ${trouble.rawStatus}).`,
    meaning: 'It may still end by itself; until then the database is not usable and the fence stays up.',
    next: `${ticket(trouble)} Retry this step to wait longer.`,
  });
}

/** The project is healthy and was not rewound. */
export function restoreNotAccepted(trouble: RestoreInTrouble): DrError {
  return new DrError('restore-not-accepted', {
    happened:
      'The project is healthy and its database answers, but what was written after the target is still there: ' +
      'no restore took place.',
    meaning: 'Nothing was rewound; the database is as it was before the request, and the fence stays up.',
    next:
      'Make sure in the dashboard that no restore is queued. Then replan, which asks for a new approval, or abort. ' +
      ticket(trouble),
  });
}
