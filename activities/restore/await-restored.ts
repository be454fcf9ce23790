import type { RestoreContext } from './dependencies.ts';
import type { NonceState } from './nonce.ts';
import { observeRestore } from './observe-restore.ts';
import { poll, waitingSince } from './poll.ts';
import {
  type RestoreInTrouble,
  restoreFailed,
  restoreNotAccepted,
  restoreStuck,
} from './restore-failures.ts';

/** A restore that ended well. */
export interface RestoredDatabase {
  /** RFC 3339, UTC: when it was first seen healthy, answering and rewound. */
  readonly restoredAt: string;
  /** Since the first look, in ms. */
  readonly durationMs: number;
}

/** What {@link awaitRestored} is asked. */
interface AwaitRestoredInput {
  readonly nonce: string;
  /** After this time the restore counts as stuck, in ms. */
  readonly deadlineMs: number;
}

/**
 * Waits until the project is healthy, the database answers and the nonce is gone, all three at one look. A healthy
 * status alone is not believed, because it may be stale.
 *
 * @throws DrError `restore-failed`, `restore-stuck`, `restore-not-accepted`, a `provider-*` that a wait cannot mend,
 * or why the database cannot be read although the project stays healthy
 */
export async function awaitRestored(
  context: RestoreContext,
  input: AwaitRestoredInput,
): Promise<RestoredDatabase> {
  const { timing } = context;
  let healthySinceMs: number | undefined;

  return poll(async (elapsedMs) => {
    const { status, rawStatus, statusError, nonce, waitMs } = await observeRestore(context, input.nonce);
    const trouble: RestoreInTrouble = { elapsedMs, rawStatus, rowSeen: inWords(nonce) };
    if (status === 'restore-failed') throw restoreFailed(trouble);
    if (statusError !== undefined && !statusError.retried) throw statusError;
    if (status === 'healthy' && nonce.kind === 'gone') {
      return { found: { restoredAt: new Date().toISOString(), durationMs: elapsedMs } };
    }
    if (status === 'healthy') {
      healthySinceMs ??= elapsedMs;
      if (elapsedMs - healthySinceMs >= timing.healthyGraceMs) {
        if (nonce.kind === 'present') throw restoreNotAccepted(trouble);
        if (nonce.kind === 'unreadable') throw nonce.error;
      }
    } else {
      healthySinceMs = undefined;
    }
    if (elapsedMs >= input.deadlineMs) throw restoreStuck(trouble);
    return { waitMs };
  }, waitingSince());
}

function inWords(nonce: NonceState): string {
  switch (nonce.kind) {
    case 'present':
      return 'is still there';
    case 'gone':
      return 'is gone';
    case 'unreadable':
      return `cannot be read (${nonce.error.type})`;
  }
}
