import type { DrillInput } from '../contracts/drills.ts';
import type { OperationRecord } from '../contracts/operations.ts';
import { holdDrill } from './drills/hold.ts';
import { runOperation } from './operation.ts';

/**
 * Holds a drill (procedure, section 9): announce, break, recover, verify, document, review. The recovery is the one that
 * an incident would get. Refused before anything where the environment may not be broken.
 *
 * @returns the record; its checks are the success criteria
 * @throws ApplicationFailure as {@link runOperation}: `input-invalid` for a drill that was refused
 */
export async function drill(input: DrillInput): Promise<OperationRecord> {
  return runOperation(
    {
      name: 'drill',
      title: 'Drill',
      failureMeans: 'It is not proved that a recovery from this scenario works.',
      subjects: { failure: 'DR drill failed', recovery: 'A DR drill succeeded again' },
      work: holdDrill,
    },
    input,
  );
}
