import { defineSignal } from '@temporalio/workflow';
import type { OperationInput, OperationName } from './operations.ts';

/** The reviews of the procedure: quarterly audit, annual review of the plan, monthly one of retention and procedures. */
export const reviewNames = [
  'security-audit',
  'plan-review',
  'monthly-review',
] as const satisfies readonly OperationName[];

/** One of {@link reviewNames}. */
export type ReviewName = (typeof reviewNames)[number];

/** What a review looks at by itself. */
export type ReviewCheckName =
  | 'security-baseline'
  | 'security-probes'
  | 'credentials'
  | 'contacts'
  | 'objectives'
  | 'scenarios-verified'
  | 'procedures'
  | 'programs'
  | 'retention'
  | 'restore-tests'
  | 'production-checklist';

/** What a review looks at, and what people answer. All times in ms. */
export interface ReviewSpec {
  readonly checks: readonly ReviewCheckName[];
  /** Ids of what the policy lets people attest: each must be attested after the review began. */
  readonly manual: readonly string[];
  /** From the begin on: overdue after this, which is told as an alert. */
  readonly answerWithinMs: number;
  /** From the begin on: it ends then with what was answered; sooner than the next one begins. */
  readonly closeAfterMs: number;
  readonly remindEveryMs: number;
}

/** Tells running reviews that something was attested. */
export const attestedSignal = defineSignal('attested');

/** Input of the workflow `reviews`, which only reads. */
export type ReviewsInput = Pick<OperationInput, 'environment'>;

/** One question of a review to people, and what was answered since it began. */
export interface ReviewQuestion {
  /** What `dr attest` is told. */
  readonly item: string;
  readonly statement: string;
  readonly answer: {
    readonly passed: boolean;
    readonly by: string;
    /** RFC 3339, UTC. */
    readonly at: string;
    readonly note: string;
  } | null;
}

/** How a review stands. Times RFC 3339, UTC. */
export interface ReviewState {
  readonly name: ReviewName;
  /** Null while none is open. */
  readonly open: {
    readonly workflowId: string;
    readonly since: string;
    readonly due: string;
    readonly questions: readonly ReviewQuestion[];
  } | null;
  /** Of the last one that ended; null when there was none. */
  readonly last: {
    readonly outcome: 'succeeded' | 'failed' | 'stood-back';
    readonly finishedAt: string;
    readonly summary: string;
  } | null;
  readonly nextAt: string | null;
}
