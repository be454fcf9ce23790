import { z } from 'zod';
import type { VerificationCheck } from '../../workflows/contracts/evidence.ts';
import type { Invariant } from '../../workflows/contracts/policy.ts';
import type { DatabaseSession } from '../ports.ts';
import { withHeartbeat } from './heartbeat.ts';
import { count, readRow } from './rows.ts';
import { inSavepoint } from './snapshot.ts';
import { describeFailedRead } from './sql-state.ts';

const oneInteger = z
  .record(z.string(), count)
  .refine((row) => Object.keys(row).length === 1, 'expected is one integer column')
  .transform((row) => Object.values(row).reduce((sum, value) => sum + value, 0));

/**
 * Asks each invariant of the policy for its violations. An invariant that cannot be asked is a failed check.
 *
 * @returns one check per invariant
 * @throws DrError `database-unreachable` (retried)
 */
export async function checkInvariants(
  session: DatabaseSession,
  invariants: readonly Invariant[],
): Promise<readonly VerificationCheck[]> {
  const checks: VerificationCheck[] = [];
  for (const { name, countViolations, allowed } of invariants) {
    const expected = allowed === 0 ? '0 violations' : `at most ${allowed} violations`;
    const check = { name, advisory: false, expected };
    try {
      const violations = await withHeartbeat(`checking ${name}`, () =>
        inSavepoint(session, () => readRow(session, oneInteger, countViolations)),
      );
      checks.push({ ...check, passed: violations <= allowed, found: `${violations} violations` });
    } catch (error) {
      checks.push({ ...check, passed: false, found: describeFailedRead(error) });
    }
  }
  return checks;
}
