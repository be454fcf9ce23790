import type { OperationInput, OperationRecord } from '../contracts/operations.ts';
import { review } from './review/review.ts';

/** The quarterly security audit (procedure, section 10). */
export async function securityAudit(input: OperationInput): Promise<OperationRecord> {
  return review(
    {
      name: 'security-audit',
      title: 'Quarterly security audit',
      failureMeans: 'Production may be open to somebody, or a secret older than it should be.',
    },
    input,
  );
}

/** The annual review of the recovery plan (procedure, section 10). */
export async function planReview(input: OperationInput): Promise<OperationRecord> {
  return review(
    {
      name: 'plan-review',
      title: 'Annual recovery plan review',
      failureMeans: 'The plan may not be what a recovery needs.',
    },
    input,
  );
}

/** The monthly review of retention and procedures (procedure, section 7). */
export async function monthlyReview(input: OperationInput): Promise<OperationRecord> {
  return review(
    {
      name: 'monthly-review',
      title: 'Monthly review of retention and procedures',
      failureMeans: 'What is kept, or how it is recovered, may not be what is wanted.',
    },
    input,
  );
}
