import { DrError } from '../errors.ts';
import type { DatabasePlatform } from '../ports.ts';
import { poll } from './poll.ts';
import { durationText } from './text.ts';

/** Whether two lists name the same networks, in whatever order. */
export function sameCidrs(one: readonly string[], other: readonly string[]): boolean {
  const others = new Set(other);
  return new Set(one).size === others.size && one.every((cidr) => others.has(cidr));
}

function notInForce(allowedCidrs: readonly string[], shown: readonly string[], deadlineMs: number): DrError {
  return new DrError('fence-not-in-force', {
    happened:
      `The provider took the network restriction (${allowedCidrs.join(', ')}), but it was not in force after ` +
      `${durationText(deadlineMs)}; it shows ${shown.join(', ') || 'nobody'}.`,
    meaning: 'Who may connect to the database is not certain; nothing was destroyed by this step.',
    next: 'Look at the network restrictions in the provider’s dashboard, then retry the step or abort.',
  });
}

/**
 * Lets only these CIDRs connect and waits until that is in force, with heartbeats. Asks for nothing when it is so
 * already.
 *
 * @throws DrError `fence-not-in-force` (not retried) or a `provider-*`
 */
export async function restrictNetwork(
  {
    platform,
    timing,
  }: {
    readonly platform: Pick<DatabasePlatform, 'networkRestrictions' | 'restrictNetwork'>;
    readonly timing: { readonly pollMs: number; readonly fenceDeadlineMs: number };
  },
  allowedCidrs: readonly string[],
): Promise<void> {
  const present = await platform.networkRestrictions();
  if (!sameCidrs(present.allowedCidrs, allowedCidrs)) await platform.restrictNetwork(allowedCidrs);
  await poll(async (elapsedMs) => {
    const { allowedCidrs: shown, inForce } = await platform.networkRestrictions();
    if (inForce && sameCidrs(shown, allowedCidrs)) return { found: true };
    if (elapsedMs >= timing.fenceDeadlineMs) throw notInForce(allowedCidrs, shown, timing.fenceDeadlineMs);
    return { waitMs: timing.pollMs };
  });
}
