import type { Readable } from 'node:stream';
import type { ScheduleSpec, ScheduleState } from '../workflows/contracts/operations.ts';
import type {
  ProjectIdentity,
  ProviderBackup,
  RestoreWindow,
} from '../workflows/contracts/recovery-point.ts';

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

/** One deployment of the application. `unknown` is a status this version does not know: not ready, never an error. */
export interface Deployment {
  readonly id: string;
  readonly status: 'running' | 'starting' | 'stopped' | 'crashed' | 'failed' | 'unknown';
  /** The provider's own word. */
  readonly rawStatus: string;
  /** RFC 3339, UTC. */
  readonly createdAt: string;
  readonly canRollback: boolean;
  readonly canRedeploy: boolean;
}

/** Who runs the application. Every method may throw the `provider-*` errors. */
export interface ApplicationPlatform {
  /** Newest first. */
  deployments(): Promise<readonly Deployment[]>;
  autoDeploy(): Promise<{
    readonly enabled: boolean;
    readonly canEnable: boolean;
    readonly reason: string | null;
  }>;
  setAutoDeploy(enabled: boolean): Promise<void>;
  cancelDeployment(id: string): Promise<void>;
  stopDeployment(id: string): Promise<void>;
  /** Starts a new deployment of the same build as `id`; returns the new deployment's id. */
  redeploy(id: string): Promise<string>;
  restartDeployment(id: string): Promise<void>;
  rollbackTo(id: string): Promise<void>;
  /** Oldest first; timestamps RFC 3339 UTC. */
  logs(
    id: string,
    limit: number,
  ): Promise<readonly { readonly at: string; readonly severity: string; readonly message: string }[]>;
  /** Reads one variable of the service. A secret: it stays inside the activity that asked. */
  variable(name: string): Promise<string | undefined>;
}

/** The application as its users reach it. Never throws for an unhealthy answer. */
export interface ApplicationProbe {
  /** One health request; `latencyMs` until the answer or the failure. */
  probe(): Promise<{ readonly healthy: boolean; readonly latencyMs: number; readonly detail: string }>;
}

/** Rows of a query as text-keyed objects; what they hold is parsed by the caller with zod. */
export interface QueryResult {
  readonly rows: readonly unknown[];
  readonly rowCount: number;
}

/** One session on the database. */
export interface DatabaseSession {
  /** Runs one statement with positional parameters. Throws `database-unreachable` or `database-query-failed`. */
  query(sql: string, parameters?: readonly unknown[]): Promise<QueryResult>;
  /** Streams `COPY (…) TO STDOUT` in text format. */
  copyOut(copySql: string): Readable;
  /**
   * Runs `COPY … FROM STDIN` with these bytes and ends when the server has taken all of them. Throws like `query`, and
   * whatever `rows` throws: the copy is cancelled then.
   */
  copyIn(copySql: string, rows: AsyncIterable<Uint8Array>): Promise<void>;
}

/** The database itself, reached as the operator. */
export interface Database {
  /** Opens a session of its own, hands it over, and always closes it. Sets UTC, ISO dates, and an application name. */
  session<T>(use: (session: DatabaseSession) => Promise<T>): Promise<T>;
  /**
   * Tries to log in with a connection string that the application uses, and closes at once. Never shows the string.
   * `refused` is a wrong password or a role that may not log in; `unreachable` says nothing about the password.
   */
  tryLogin(connectionString: string): Promise<'accepted' | 'refused' | 'unreachable'>;
}

/** A place for objects outside the database that a recovery rewinds. Throws `store-unavailable` or `store-refused`. */
export interface ObjectStore {
  readonly bucket: string;
  /** Streams an object up in parts; memory stays flat. Nothing is visible under `key` until all of it has arrived. */
  put(
    key: string,
    body: Readable,
    options: { readonly contentType: string },
  ): Promise<{ readonly bytes: number }>;
  putText(key: string, text: string, contentType: string): Promise<void>;
  get(key: string): Promise<Readable>;
  /** Undefined when there is no such object. */
  getText(key: string): Promise<string | undefined>;
  list(
    prefix: string,
  ): Promise<readonly { readonly key: string; readonly bytes: number; readonly modifiedAt: string }[]>;
  /** Keys of any bucket that the same credentials reach, at most `limit`. */
  listBucket(bucket: string, limit: number): Promise<readonly string[]>;
}

/** An object store from which objects are taken away again. */
export interface ErasableObjectStore extends ObjectStore {
  /** Removes one object; one that is not there is success. Throws `store-refused` where the store holds on to it. */
  remove(key: string): Promise<void>;
  /** Removes what broken uploads under `prefix` left, where nothing was written since `before`; tells how many. */
  removeUnfinished(prefix: string, before: Date): Promise<number>;
}

/** One mail, as plain text and HTML. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html?: string;
  /** Stays the same when the same mail is sent again, so that a reader can tell a duplicate. */
  readonly messageId?: string;
}

/**
 * Hands mail over to a server. Throws `mail-unavailable` (retried), `mail-refused`, or `configuration-invalid` for a
 * password that the server refuses.
 */
export interface Mailer {
  send(mail: Mail): Promise<void>;
}

/** What runs in Temporal beside the caller. Throws `orchestrator-unavailable` (retried). */
export interface RunRegistry {
  /** The recovery that holds an environment; null when none does. */
  recoveryOf(environment: string): Promise<{ readonly workflowId: string; readonly runId: string } | null>;
  /** Operations of an environment that are running, the caller's own excluded by its run id. */
  operationsOf(
    environment: string,
    exceptRunId: string,
  ): Promise<readonly { readonly workflowId: string; readonly runId: string; readonly operation: string }[]>;
  /** The run that this one was reset from and that had sent a restore request after the point of the reset; null: none. */
  requestBeforeReset(workflowId: string, runId: string): Promise<string | null>;
  /** Asks an operation to stand back: it stops at its next safe point. No error when it has ended. */
  askToStandBack(workflowId: string, runId: string): Promise<void>;
}

/** Keeps the schedules in Temporal. Throws `orchestrator-unavailable` (retried). */
export interface Scheduler {
  /** Makes each schedule exactly what its spec says, and removes those of the environment that no spec names. */
  apply(environment: string, specs: readonly ScheduleSpec[]): Promise<readonly ScheduleChange[]>;
  /** Reads the schedules of the environment back. `nextAt` holds at most `upcoming` moments. */
  list(
    environment: string,
    specs: readonly ScheduleSpec[],
    upcoming: number,
  ): Promise<readonly ScheduleState[]>;
  /** Every moment of a schedule from `fromUtc` to `toUtc`, both included, as Temporal itself finds them; RFC 3339 UTC. */
  matchingTimes(environment: string, id: string, fromUtc: string, toUtc: string): Promise<readonly string[]>;
}

/** What {@link Scheduler.apply} did to one schedule. */
export interface ScheduleChange {
  readonly id: string;
  readonly change: 'created' | 'updated' | 'unchanged' | 'removed';
}

/** A second road for alerts. Throws `webhook-unavailable` (retried). */
export interface Webhook {
  post(text: string): Promise<void>;
}

/** A PostgreSQL server that is not production's, to restore into for a test. */
export interface ScratchServer {
  /** Whether it was made for this test alone: what is made in it, roles too, goes with it. */
  readonly disposable: boolean;
  /** How to reach one of its databases; without a name the one from which others are made. A secret. */
  connectionString(database?: string): string;
  /** Ends and removes the server when it was made for this test. */
  close(): Promise<void>;
}

/** Where {@link ScratchServer}s come from. Throws `restore-test-failed` or `configuration-invalid`. */
export interface ScratchServers {
  open(): Promise<ScratchServer>;
}

/** The definition of schemas as SQL: what must be there before rows are loaded, and what is made after. */
export interface SchemaDump {
  readonly preData: string;
  readonly postData: string;
}

/** Writes schemas down. Throws `database-unreachable` (retried) or `database-query-failed`. */
export interface SchemaDumper {
  /** With `snapshotId`, an exported snapshot of an open transaction, the schema is that of the same moment. */
  dump(input: {
    readonly schemas: readonly string[];
    readonly snapshotId?: string;
    readonly signal?: AbortSignal;
  }): Promise<SchemaDump>;
}

/** PostgreSQL's own client programs. Throws `database-unreachable` (retried) or `database-query-failed`. */
export interface PostgresPrograms {
  /** Major version of `pg_dump`. */
  dumpVersion(): Promise<number>;
  /** Writes a plain SQL dump into `file`. The connection string is a secret: it appears in no argument and no message. */
  dumpSql(dump: {
    readonly connectionString: string;
    readonly file: string;
    readonly schemaOnly?: boolean;
  }): Promise<void>;
  /** Runs the SQL in `file` in one transaction, ended by the first error. */
  runSql(script: { readonly connectionString: string; readonly file: string }): Promise<void>;
}
