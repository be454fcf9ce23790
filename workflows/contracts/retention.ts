import type { FailureExplanation } from './errors.ts';
import type { OperationInput } from './operations.ts';

/** Workflow type that says what a retention would do; reads only. */
export const retentionPlanWorkflow = 'planRetention';

/** Input of {@link retentionPlanWorkflow}. */
export type RetentionPlanInput = Pick<OperationInput, 'environment'>;

/** A backup and why it is kept or removed. */
export interface RotationDecision {
  readonly key: string;
  readonly bytes: number;
  readonly why: string;
  /** Whether it is due, and kept only because the store does not let go of it yet. */
  readonly held?: true;
}

/** What a rotation will do at one location; nothing else is removed. */
export interface RotationPlan {
  readonly keep: readonly RotationDecision[];
  readonly remove: readonly RotationDecision[];
}

/** What a retention will do at one location, or why that cannot be told. */
export type LocationRetention =
  | { readonly location: string; readonly plan: RotationPlan }
  | {
      readonly location: string;
      readonly failure: FailureExplanation & { readonly type: string };
    };

/** What a retention would do now. */
export interface RetentionPlanReport {
  readonly environment: string;
  /** RFC 3339, UTC. */
  readonly at: string;
  readonly locations: readonly LocationRetention[];
}
