import type { TargetRequest } from './recovery-point.ts';

/** What a person can say to a run. */
export const answerKinds = [
  'approve',
  'reject',
  'retry',
  'replan',
  'skip',
  'go-over',
  'abort',
  'confirm',
] as const;

/** One of {@link answerKinds}. */
export type AnswerKind = (typeof answerKinds)[number];

/**
 * The payload of every answering signal. It comes from outside, perhaps typed by hand in the Web UI, and is
 * parsed and judged in an activity, never in workflow code.
 */
export interface Answer {
  /** The person answering: a name of the policy. */
  readonly by: string;
  /** Chosen by the sender to find the verdict again; the same id twice is one answer. */
  readonly id?: string;
  /** Id of the open decision that this answers; needed for all but `abort`. */
  readonly decision?: string;
  /** An approval names exactly what it approves: workflow, run, step and the digest of the plan. */
  readonly workflowId?: string;
  readonly runId?: string;
  readonly step?: string;
  /** Lower-case hex SHA-256 of the plan, 64 characters. */
  readonly digest?: string;
  /** Needed for `reject`, `skip`, `replan`, `go-over`, `abort` and `confirm`; optional otherwise. */
  readonly reason?: string;
  /** Why one person approves alone against the rule of the second person. */
  readonly breakGlass?: string;
  /** Where to go instead; needed for `replan`. */
  readonly target?: TargetRequest;
}

/** An answer with the kind of signal that brought it. */
export interface Submission {
  readonly kind: AnswerKind;
  readonly id: string;
  /** RFC 3339, UTC: when the run received it. */
  readonly receivedAt: string;
  /** As received: unparsed. */
  readonly payload: unknown;
}

/** What the run asks of a person. */
export interface OpenDecision {
  readonly id: string;
  /** `start`: whether what the monitor proposes is begun at all; nothing was changed yet. */
  readonly kind: 'start' | 'approval' | 'failed-step' | 'manual-step' | 'restore-unproved' | 'failed-undo';
  readonly step: string;
  readonly stepTitle: string;
  readonly question: string;
  /** What a person must know to answer, label and value; numbers that are not known say `unknown`. */
  readonly facts: readonly { readonly label: string; readonly value: string }[];
  readonly answers: readonly AnswerKind[];
  /** What each possible answer leads to, in the order of `answers`. */
  readonly consequences: readonly string[];
  /** SHA-256 of the plan; approvals only. */
  readonly digest: string | null;
  /** RFC 3339, UTC. */
  readonly openedAt: string;
  readonly expiresAt: string | null;
}

/** A judged answer, as recorded in the history. */
export interface DecisionRecord {
  readonly id: string;
  readonly kind: AnswerKind;
  readonly decision: string | null;
  readonly step: string | null;
  readonly by: string;
  /** RFC 3339, UTC. */
  readonly at: string;
  readonly accepted: boolean;
  /** Why it was accepted or refused, one sentence. */
  readonly verdict: string;
  readonly reason: string | null;
  readonly breakGlass: string | null;
  readonly target: TargetRequest | null;
  /** The Temporal run that judged it. */
  readonly runId: string;
}
