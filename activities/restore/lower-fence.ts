import type { RestoreContext } from './dependencies.ts';
import { restrictNetwork } from './network-restriction.ts';

/**
 * Lets these CIDRs connect again and waits until that is in force. Idempotent.
 *
 * @throws DrError `fence-not-in-force` (not retried) or a `provider-*`
 */
export async function lowerFence(
  context: RestoreContext,
  input: { readonly allowedCidrs: readonly string[] },
): Promise<{ readonly allowedCidrs: readonly string[] }> {
  await restrictNetwork(context, input.allowedCidrs);
  return { allowedCidrs: input.allowedCidrs };
}
