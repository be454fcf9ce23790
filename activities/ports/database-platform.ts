import type {
  ProjectIdentity,
  ProviderBackup,
  RestoreWindow,
} from '../../workflows/contracts/recovery-point.ts';

/** How a database platform stands. `unknown` is a status that this version does not know: treated as not ready. */
export type DatabasePlatformStatus =
  | 'healthy'
  | 'restoring'
  | 'restore-failed'
  | 'paused'
  | 'unavailable'
  | 'unknown';

/** What became of one restore request that was sent once. */
export type RestoreRequestOutcome =
  /** The provider answered that it took the request. */
  | { readonly kind: 'accepted' }
  /** The provider answered that it did not; nothing was changed. */
  | { readonly kind: 'refused'; readonly message: string }
  /** It was never sent, because its deadline had passed or nobody could be reached. */
  | { readonly kind: 'not-sent'; readonly reason: string }
  /** It was sent and no trustworthy answer came back. */
  | { readonly kind: 'uncertain'; readonly reason: string };

/** Who hosts the database: what the scenarios need of it. Every method may throw the `provider-*` errors. */
export interface DatabasePlatform {
  /** Reads which project this is. */
  identity(): Promise<ProjectIdentity>;
  /** Reads status once; `raw` is the provider's own word. A `healthy` may be stale right after a change. */
  status(): Promise<{ readonly status: DatabasePlatformStatus; readonly raw: string }>;
  /** Reads the health of each service the provider runs for the project. */
  services(): Promise<
    readonly { readonly name: string; readonly healthy: boolean; readonly detail: string }[]
  >;
  /** Reads what can be restored; `window` is null where PITR is not enabled. */
  recoverability(): Promise<{
    readonly pitrEnabled: boolean;
    readonly window: RestoreWindow | null;
    readonly backups: readonly ProviderBackup[];
  }>;
  /** Reads when the daily backup is to begin, `HH:MM:SS` UTC. `provider-refused` where there is no such schedule. */
  dailyBackupTime(): Promise<string>;
  /**
   * Sends one point-in-time restore request, at most once: no retry inside, and not one byte after `deadline`
   * (checked at the moment the bytes are written). Never throws for an answer: says what became of the request.
   */
  requestPointInTimeRestore(input: {
    readonly targetUnix: number;
    readonly deadline: Date;
  }): Promise<RestoreRequestOutcome>;
  /** Reads who may connect to the database; `inForce` is false while a change is stored but not yet applied. */
  networkRestrictions(): Promise<{ readonly allowedCidrs: readonly string[]; readonly inForce: boolean }>;
  /** Lets only these CIDRs connect. Idempotent. Returns when the provider took it, which may be before it is in force. */
  restrictNetwork(allowedCidrs: readonly string[]): Promise<void>;
}

/** One line of the database's log. */
export interface PlatformLogLine {
  /** RFC 3339, UTC. */
  readonly at: string;
  readonly severity: string;
  /** Who was logged in and from where, as far as the line tells. */
  readonly role: string | null;
  readonly from: string | null;
  readonly message: string;
}

/** The log of the database as its host keeps it. May throw the `provider-*` errors. */
export interface PlatformLogs {
  /** The newest lines of a span of time, oldest first, at most `limit` of them. */
  databaseLog(span: {
    readonly from: Date;
    readonly to: Date;
    readonly limit: number;
  }): Promise<readonly PlatformLogLine[]>;
}

/** Stops and starts the whole project at the host of the database. Every method may throw the `provider-*` errors. */
export interface PlatformPower {
  /** Idempotent. Returns when the provider took it: the status may still be healthy then, and is stale. */
  pause(): Promise<void>;
  /** Idempotent. Returns when the provider took it. */
  unpause(): Promise<void>;
}

/** Reads the database by its host's HTTPS API, where no connection can be made. */
export interface ReadOnlyQueries {
  /** Runs one statement that cannot write. Throws `provider-refused` with the database's words, or `provider-*`. */
  queryReadOnly(sql: string, parameters?: readonly unknown[]): Promise<readonly unknown[]>;
}
