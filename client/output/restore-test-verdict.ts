import type { OperationRecord } from '../../workflows/contracts/operations.ts';

/** What the procedure's `test-restore.sh` says at its end (section 5). */
export function restoreTestVerdict({ outcome, checks, failure }: OperationRecord): string[] {
  if (outcome === 'succeeded') return ['Restore test passed'];
  if (checks.some(({ passed }) => !passed)) return ['ERROR: Restored data incomplete'];
  return [`ERROR: ${failure?.happened ?? 'the restore test did not end'}`];
}
