import type { VerificationCheck } from '../../workflows/contracts/evidence.ts';
import type { Invariant } from '../../workflows/contracts/policy.ts';
import { checkInvariants } from '../database/invariants.ts';
import { inSnapshot } from '../database/snapshot.ts';
import { connectionTo } from '../restore-into/target-database.ts';
import { requireStandby, type StandbyDependencies } from './dependencies.ts';

/**
 * Holds the rebuilt database against the policy's invariants. Reads only.
 *
 * @throws DrError `standby-missing`, `database-unreachable` (retried), `database-query-failed`
 */
export async function checkStandbyInvariants(
  deps: StandbyDependencies,
  { database, invariants }: { readonly database: string; readonly invariants: readonly Invariant[] },
): Promise<readonly VerificationCheck[]> {
  const standby = requireStandby(deps);
  const rebuilt = standby.openDatabase(connectionTo(standby.databaseUrl, database));
  return rebuilt.session((session) => inSnapshot(session, () => checkInvariants(session, invariants)));
}
