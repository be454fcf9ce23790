import { DrError } from '../errors.ts';
import type { RestoreContext } from './dependencies.ts';
import { endSessionsOfOthers } from './end-sessions.ts';
import { restrictNetwork } from './network-restriction.ts';

/** The fence as it stands after it was raised. */
export interface RaisedFence {
  readonly allowedCidrs: readonly string[];
  /** Sessions of others that were ended by this call. */
  readonly endedSessions: number;
  /** Roads into the data which stay open: those that were given, and sessions that could not be ended. */
  readonly openRoads: readonly string[];
}

/**
 * Shuts everybody but the operator out of the database: restricts the network, waits until that is in force, then
 * ends the sessions that were open before. Idempotent.
 *
 * @param input.operatorCidrs where the operator and the worker connect from; never empty
 * @param input.openRoads roads that a network restriction cannot close, named in the result
 * @throws DrError `configuration-invalid` or `fence-not-in-force` (not retried), `database-*` or `provider-*`
 */
export async function raiseFence(
  context: RestoreContext,
  input: { readonly operatorCidrs: readonly string[]; readonly openRoads: readonly string[] },
): Promise<RaisedFence> {
  const { operatorCidrs, openRoads } = input;
  if (operatorCidrs.length === 0) {
    throw new DrError('configuration-invalid', {
      happened: 'The policy names no address that the operator connects from (fence.operatorCidrs).',
      meaning: 'A fence that lets nobody in would shut the recovery itself out; it was not raised.',
      next: 'Add the address of the worker to the policy as a CIDR, then start again.',
    });
  }
  await restrictNetwork(context, operatorCidrs);
  const { ended, remaining } = await context.database.session(endSessionsOfOthers);
  return { allowedCidrs: operatorCidrs, endedSessions: ended, openRoads: [...openRoads, ...remaining] };
}
