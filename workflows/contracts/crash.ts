/** Whether users are without the application, as several probes found it. */
export interface Outage {
  /** Whether a probe failed. */
  readonly down: boolean;
  readonly probes: number;
  readonly failed: number;
  /** RFC 3339, UTC: the last probe. */
  readonly probedAt: string;
  /** What the last failed probe was answered, or the last one; scrubbed of what looks like a secret. */
  readonly answer: string;
}

/** Which commit a deployment was built from, as far as the platform tells. */
export interface DeployedCommit {
  /** The whole hash. */
  readonly hash: string;
  readonly branch: string | null;
  /** Such as `owner/name`. */
  readonly repository: string | null;
  /** First line of its message. */
  readonly subject: string | null;
}

/** A deployment as evidence. */
export interface DeploymentEvidence {
  readonly id: string;
  /** The provider's own word. */
  readonly status: string;
  /** RFC 3339, UTC. */
  readonly createdAt: string;
  readonly commit: DeployedCommit | null;
}

/** What can make the application fail (procedure, section 4, scenario 2, step 2). */
export type CrashCauseKind =
  | 'out-of-memory'
  | 'unhandled-exception'
  | 'missing-variable'
  | 'database'
  | 'bad-deployment'
  | 'unknown';

/** Why the application fails, and what shows it. */
export interface CrashCause {
  readonly kind: CrashCauseKind;
  /** One sentence. */
  readonly found: string;
  /** Log lines that show it, oldest first, scrubbed of what looks like a secret. */
  readonly lines: readonly string[];
  /** Names of variables that are missing or cannot be used; never a value. */
  readonly variables: readonly string[];
  /** Whether the same deployment may run when it is started again. */
  readonly restartMayHelp: boolean;
  /** Whether only the database can be mended: nothing that is done to the application helps. */
  readonly onlyDatabaseCanBeMended: boolean;
  /** How a login with the application's own connection string ended; null when it was not tried. */
  readonly databaseLogin: 'accepted' | 'refused' | 'unreachable' | null;
  /** The deployment that fails; null when there is none. */
  readonly deployment: DeploymentEvidence | null;
}

/** What became of the restarts. */
export interface Restarts {
  readonly restarted: number;
  /** Whether the application stayed healthy after the last one. */
  readonly healed: boolean;
  /** Every failure that was counted, oldest first; `at` is RFC 3339, UTC. */
  readonly failures: readonly { readonly at: string; readonly found: string }[];
}

/** What one restart came to. */
export type RestartOutcome =
  | {
      readonly kind: 'healthy';
      readonly healthySince: string;
      readonly watchedMs: number;
      readonly probes: number;
    }
  | { readonly kind: 'failed'; readonly at: string; readonly found: string };

/** Where the application can go back to. */
export interface GoodDeployment {
  /** Null when there is none. */
  readonly chosen: DeploymentEvidence | null;
  /** `redeploy`: its build with the variables of now, where the platform keeps no state to roll back to. */
  readonly by: 'rollback' | 'redeploy';
  /** Every deployment there was: one that is not among them is what going back made. */
  readonly knownIds: readonly string[];
  /** Those that were not taken, newest first, with why. */
  readonly passedOver: readonly { readonly id: string; readonly why: string }[];
}

/** Whether variables can be kept, sealed, while a rollback replaces them. */
export interface VariableKeeping {
  readonly possible: boolean;
  /** Why not; null where they can. */
  readonly why: string | null;
}

/** The variables as they were before a rollback: the values lie sealed in the store, only marks are told. */
export interface KeptVariables {
  readonly key: string;
  /** `mark` tells equal values from others; it does not tell the value, but to whoever has the passphrase of the backups. */
  readonly variables: readonly { readonly name: string; readonly mark: string }[];
}

/** What a rollback had done to the variables, by name. */
export interface RestoredVariables {
  /** Set again as they were before. */
  readonly setAgain: readonly string[];
  /** Left as the rollback brought them back: they were missing or unusable before. */
  readonly keptFromRollback: readonly string[];
  /** The deployment that runs with them; null when nothing had to be set. */
  readonly deploymentId: string | null;
}
