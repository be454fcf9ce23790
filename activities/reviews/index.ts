import { createHash } from 'node:crypto';
import type { OperationCheck } from '../../workflows/contracts/operations.ts';

/** What the activities of reviews need. */
export interface ReviewDependencies {
  /** The paper procedure of each scenario; printing throws where a part is missing. */
  readonly procedures: readonly { readonly scenario: string; readonly print: () => string }[];
}

/** Activities that only reviews need. They change nothing. */
export function createReviewActivities({ procedures }: ReviewDependencies) {
  return {
    /** Prints the procedure of every scenario, and says of each how long it is and how it can be told from another. */
    checkProcedures: async (): Promise<readonly OperationCheck[]> =>
      procedures.map(({ scenario, print }) => {
        const name = `procedure of ${scenario} by hand`;
        const expected = 'every step has its text';
        try {
          const text = print();
          const sha256 = createHash('sha256').update(text).digest('hex');
          const found = `${text.split('\n').length} lines, SHA-256 ${sha256.slice(0, 12)}`;
          return { name, passed: true, found, expected };
        } catch (error) {
          return { name, passed: false, found: error instanceof Error ? error.message : 'unknown', expected };
        }
      }),
  };
}

/** The review activities as a workflow calls them. */
export type ReviewActivities = ReturnType<typeof createReviewActivities>;
