import type { RestoreSettlement } from '../../workflows/contracts/evidence.ts';
import type { RestoreContext } from './dependencies.ts';
import { observeRestore } from './observe-restore.ts';
import { poll, waitingSince } from './poll.ts';
import { durationText } from './text.ts';

/** How many settle times an unreadable database is waited for before a person is asked. */
const unreadableFactor = 3;

/**
 * Finds out whether a restore request took effect. RESTORING or RESTORE_FAILED seen, or the nonce gone, means
 * accepted. The nonce still present after the settle time proves nothing either way, and a healthy status is no
 * witness at all: it may be stale. When neither the database nor the status can be read for three times the settle
 * time, that proves nothing either.
 *
 * @param input.settleMs how long the provider may take to show the restore, in ms
 */
export async function settleRestore(
  context: RestoreContext,
  input: { readonly nonce: string; readonly settleMs: number },
): Promise<RestoreSettlement> {
  return poll<RestoreSettlement>(async (elapsedMs) => {
    const { status, rawStatus, nonce, waitMs } = await observeRestore(context, input.nonce);
    if (status === 'restoring' || status === 'restore-failed') {
      return { found: { kind: 'accepted', evidence: `The project's status is ${rawStatus}.` } };
    }
    if (nonce.kind === 'gone') {
      return {
        found: {
          kind: 'accepted',
          evidence: 'The row written before the request is gone: the database was rewound.',
        },
      };
    }
    if (nonce.kind === 'present' && elapsedMs >= input.settleMs) {
      const evidence =
        `After ${durationText(elapsedMs)} the row written before the request is still there and the project was ` +
        `never seen restoring; its status is ${rawStatus}.`;
      return { found: { kind: 'unproved', evidence } };
    }
    if (elapsedMs >= input.settleMs * unreadableFactor) {
      const evidence =
        `For ${durationText(elapsedMs)} the database could not be asked, and the project was never seen restoring; ` +
        `its status is ${rawStatus}.`;
      return { found: { kind: 'unproved', evidence } };
    }
    return { waitMs };
  }, waitingSince());
}
