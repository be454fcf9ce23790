/**
 * Every kind of failure that a step can report. The key is the `type` of the `ApplicationFailure` in a workflow
 * history; `retried` says whether Temporal tries the activity again by itself.
 */
export const errorTypes = {
  'input-invalid': { retried: false },
  'configuration-invalid': { retried: false },
  'toolbox-missing': { retried: false },
  'provider-unavailable': { retried: true },
  'provider-timeout': { retried: true },
  'provider-rate-limited': { retried: true },
  'provider-refused': { retried: false },
  'provider-unauthorized': { retried: false },
  'provider-answer-unknown': { retried: false },
  'pitr-not-enabled': { retried: false },
  'target-outside-window': { retried: false },
  'restore-refused': { retried: false },
  'restore-uncertain': { retried: false },
  'restore-not-accepted': { retried: false },
  'restore-failed': { retried: false },
  'restore-stuck': { retried: false },
  'database-unreachable': { retried: true },
  'database-login-refused': { retried: false },
  'database-query-failed': { retried: false },
  'fence-not-in-force': { retried: false },
  'writers-not-silent': { retried: false },
  'safety-copy-too-large': { retried: false },
  'safety-copy-too-slow': { retried: false },
  'safety-copy-unverified': { retried: false },
  'verification-failed': { retried: false },
  'corruption-not-found': { retried: false },
  'last-good-moment-unknown': { retried: false },
  'reconciliation-failed': { retried: false },
  'store-unavailable': { retried: true },
  'store-refused': { retried: false },
  'mail-unavailable': { retried: true },
  'mail-refused': { retried: false },
  'deployment-failed': { retried: false },
  'application-unhealthy': { retried: false },
  'orchestrator-unavailable': { retried: true },
  'attempt-lost': { retried: true },
  'credential-not-accepted': { retried: true },
  'power-not-reached': { retried: false },
  'webhook-unavailable': { retried: true },
  'backup-invalid': { retried: false },
  'restore-test-failed': { retried: false },
  'operator-command-failed': { retried: false },
  'uploads-busy': { retried: false },
  'standby-missing': { retried: false },
  'providers-usable': { retried: false },
  'internal-error': { retried: false },
} as const satisfies Record<string, { retried: boolean }>;

/** A name out of {@link errorTypes}. */
export type ErrorType = keyof typeof errorTypes;

/** What a person reads of a failure: three sentences, none holding a secret. */
export interface FailureExplanation {
  /** What happened. */
  readonly happened: string;
  /** What it means for the recovery. */
  readonly meaning: string;
  /** What to do next. */
  readonly next: string;
}
