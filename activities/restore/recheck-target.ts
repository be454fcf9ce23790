import type { RestoreWindow } from '../../workflows/contracts/recovery-point.ts';
import { stillArchiving } from './archiving.ts';
import type { RestoreContext } from './dependencies.ts';
import { poll } from './poll.ts';
import { utcText } from './text.ts';

/** Whether a target that was approved can still be restored. */
export interface TargetRecheck {
  readonly holds: boolean;
  /** Why it does not hold, one sentence each; empty when it holds. */
  readonly reasons: readonly string[];
  /** Null when the provider offers none any more. */
  readonly window: RestoreWindow | null;
  /** The provider's own word. */
  readonly rawStatus: string;
}

const archivedAgainEveryMs = 1_000;

/** What {@link recheckTarget} is asked. */
interface RecheckTargetInput {
  readonly targetUnix: number;
  /** How far behind now the provider's newest recovery point usually lies, in ms. */
  readonly providerLagMs: number;
}

/**
 * Looks once more, right before the destructive call, whether the target lies in the window and the project is
 * healthy. Waits for a target of the last minutes that is not archived yet. Changes nothing.
 *
 * @throws DrError `provider-*`
 * @throws CancelledFailure when it is cancelled while it waits
 */
export async function recheckTarget(
  context: RestoreContext,
  { targetUnix, providerLagMs }: RecheckTargetInput,
): Promise<TargetRecheck> {
  return poll(async () => {
    const [{ status, raw }, { window }] = await Promise.all([
      context.platform.status(),
      context.platform.recoverability(),
    ]);
    const now = context.clock();
    if (
      status === 'healthy' &&
      window !== null &&
      stillArchiving({ targetUnix, latestUnix: window.latestUnix, providerLagMs, now })
    ) {
      return { waitMs: archivedAgainEveryMs };
    }
    const reasons: string[] = [];
    if (status !== 'healthy') reasons.push(`The project is ${raw}, not healthy.`);
    if (window === null) {
      reasons.push('The provider offers no point-in-time recovery any more.');
    } else if (targetUnix < window.earliestUnix || targetUnix > window.latestUnix) {
      reasons.push(
        `The target ${utcText(targetUnix)} is outside of what can be restored: ` +
          `${utcText(window.earliestUnix)} to ${utcText(window.latestUnix)}.`,
      );
    }
    return { found: { holds: reasons.length === 0, reasons, window, rawStatus: raw } };
  });
}
