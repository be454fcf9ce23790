import type { RestoreWindow } from '../../workflows/contracts/recovery-point.ts';
import type { RestoreContext } from './dependencies.ts';
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

/**
 * Looks once more, right before the destructive call, whether the target lies in the window and the project is
 * healthy. Changes nothing.
 *
 * @throws DrError `provider-*`
 */
export async function recheckTarget(
  { platform }: RestoreContext,
  input: { readonly targetUnix: number },
): Promise<TargetRecheck> {
  const [{ status, raw }, { window }] = await Promise.all([platform.status(), platform.recoverability()]);
  const reasons: string[] = [];
  if (status !== 'healthy') reasons.push(`The project is ${raw}, not healthy.`);
  if (window === null) {
    reasons.push('The provider offers no point-in-time recovery any more.');
  } else if (input.targetUnix < window.earliestUnix || input.targetUnix > window.latestUnix) {
    reasons.push(
      `The target ${utcText(input.targetUnix)} is outside of what can be restored: ` +
        `${utcText(window.earliestUnix)} to ${utcText(window.latestUnix)}.`,
    );
  }
  return { holds: reasons.length === 0, reasons, window, rawStatus: raw };
}
