import type { Readable } from 'node:stream';
import type { DeployedCommit } from '../workflows/contracts/crash.ts';
import type { Answer, AnswerKind } from '../workflows/contracts/decisions.ts';
import type { LeftBehind } from '../workflows/contracts/inputs.ts';
import type { MonitorOrder } from '../workflows/contracts/monitor.ts';
import type { ScheduleSpec, ScheduleState } from '../workflows/contracts/operations.ts';
import type { ObjectLockMode } from '../workflows/contracts/policy.ts';
import type {
  BucketProtection,
  MonitorFacts,
  OrchestratorFacts,
} from '../workflows/contracts/readiness-facts.ts';
import type {
  ProjectIdentity,
  ProviderBackup,
  RestoreWindow,
} from '../workflows/contracts/recovery-point.ts';
import type { RecoveryReport } from '../workflows/contracts/report.ts';
import type { ReviewName } from '../workflows/contracts/reviews.ts';
import type { RecoveryStatus } from '../workflows/contracts/status.ts';

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

/** One line that the application or the platform wrote. */
export interface LogLine {
  /** RFC 3339, UTC. */
  readonly at: string;
  readonly severity: string;
  readonly message: string;
}

/** Sets the password of the database's administrator at its host. Setting it again to the same changes nothing. */
export interface DatabasePasswordIssuer {
  setDatabasePassword(password: string): Promise<void>;
}

/** One key of the platform's HTTPS API. `unknown` is a kind that this version does not know. */
export interface ApiKey {
  /** Null for keys that cannot be removed one by one. */
  readonly id: string | null;
  readonly name: string;
  readonly kind: 'publishable' | 'secret' | 'legacy' | 'unknown';
  /** The key itself, where it was asked for and is shown. A secret: it stays inside the activity that asked. */
  readonly secret: string | null;
}

/** Makes and takes back keys of the platform's HTTPS API. Every method may throw the `provider-*` errors. */
export interface ApiKeyIssuer {
  apiKeys(options?: { readonly reveal: boolean }): Promise<readonly ApiKey[]>;
  /** The key of this kind and name, which is made unless it is there: a repeated request makes no second one. */
  issueApiKey(key: {
    readonly kind: 'publishable' | 'secret';
    readonly name: string;
  }): Promise<{ readonly id: string; readonly secret: string }>;
  /** Takes a key back for good; one that is not there is success. `reason` is kept by the provider. */
  revokeApiKey(id: string, reason: string): Promise<void>;
  legacyApiKeysEnabled(): Promise<boolean>;
  /** Idempotent. */
  setLegacyApiKeysEnabled(enabled: boolean): Promise<void>;
}

/** One key that signs users' tokens. `unknown` is a status that this version does not know. */
export interface SigningKey {
  readonly id: string;
  readonly algorithm: string;
  readonly status: 'standby' | 'in-use' | 'previously-used' | 'revoked' | 'unknown';
  /** The provider's own word. */
  readonly rawStatus: string;
  /** RFC 3339, UTC. */
  readonly createdAt: string;
}

/** A private key of the curve P-256 as RFC 7517 writes it. `d` is a secret. */
export interface PrivateSigningKey {
  /** A UUID, given by whoever made the key. */
  readonly kid: string;
  readonly x: string;
  readonly y: string;
  readonly d: string;
}

/** Exchanges the keys that sign users' tokens. Every method may throw the `provider-*` errors. */
export interface SigningKeyIssuer {
  signingKeys(): Promise<readonly SigningKey[]>;
  /** Adds a key in standby, unless it is there: its tokens are accepted, none are issued. Returns the provider's id. */
  addSigningKey(key: PrivateSigningKey): Promise<string>;
  /** Lets a key sign from now on; the one that did is then previously used, and still accepted. Idempotent. */
  useSigningKey(id: string): Promise<void>;
  /** Refuses every token of a key from now on. Idempotent. */
  revokeSigningKey(id: string): Promise<void>;
}

/** Who issues the secrets that the host of the database knows. Every method may throw the `provider-*` errors. */
export interface CredentialIssuer extends DatabasePasswordIssuer, ApiKeyIssuer, SigningKeyIssuer {}

/** One thing that the host of the database advises to change. `unknown` is a level that this version does not know. */
export interface Advisory {
  readonly name: string;
  readonly level: 'error' | 'warning' | 'information' | 'unknown';
  /** `schema.name` of what it is about; null when it is about the project. */
  readonly object: string | null;
  readonly detail: string;
  readonly remediation: string;
}

/** How the host of the database guards it. Every method may throw the `provider-*` errors. */
export interface SecuritySettings {
  /** `inForce` is false while a change is not yet applied. */
  sslEnforcement(): Promise<{ readonly enforced: boolean; readonly inForce: boolean }>;
  /** Idempotent. Returns when the provider took it, which may be before it is in force. */
  enforceSsl(enforced: boolean): Promise<void>;
  advisories(topic: 'security' | 'performance'): Promise<readonly Advisory[]>;
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

/** The platform's HTTPS API as the application and its users reach it. */
export interface ApiProbe {
  /**
   * One request with these secrets, which show up nowhere. `refused` only where the API looked at them and said no;
   * `unreachable` says nothing about them.
   *
   * @param request.token a user's token; the key alone when not given
   */
  tryAccess(request: {
    readonly apiKey: string;
    readonly token?: string;
  }): Promise<'accepted' | 'refused' | 'unreachable'>;
  /** How many rows of a table a key gets to see, at most 1; `refused` also where the API does not show the table. */
  visibleRows(request: {
    readonly apiKey: string;
    readonly table: string;
  }): Promise<number | 'refused' | 'unreachable'>;
}

/** One deployment of the application. `unknown` is a status this version does not know: not ready, never an error. */
export interface Deployment {
  readonly id: string;
  readonly status: 'running' | 'starting' | 'stopped' | 'crashed' | 'failed' | 'unknown';
  /** The provider's own word. */
  readonly rawStatus: string;
  /** RFC 3339, UTC. */
  readonly createdAt: string;
  /** RFC 3339, UTC: when the status changed last; null when the platform does not tell. */
  readonly statusChangedAt: string | null;
  readonly canRollback: boolean;
  readonly canRedeploy: boolean;
  /** Null when the platform does not tell, such as for an image that was pushed. */
  readonly commit: DeployedCommit | null;
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
  /** Deploys the build of `id` with the variables as they were then, which become the service's own again. */
  rollbackTo(id: string): Promise<void>;
  /** What it wrote while running: the newest `limit` lines, oldest first. */
  logs(id: string, limit: number): Promise<readonly LogLine[]>;
  /** What was written while it was built: the newest `limit` lines, oldest first. */
  buildLogs(id: string, limit: number): Promise<readonly LogLine[]>;
  /** Reads one variable of the service, as the application gets it. A secret: it stays inside the activity that asked. */
  variable(name: string): Promise<string | undefined>;
  /**
   * Reads the variables that somebody set on the service, as written: references to other services are not resolved.
   * Secrets: they stay inside the activity that asked.
   */
  variables(): Promise<Readonly<Record<string, string>>>;
  /** Sets these variables and leaves the others; deployments take them from the next one on. May be sent twice. */
  setVariables(variables: Readonly<Record<string, string>>): Promise<void>;
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

/** Takes the rows of a copy where they lie in the connection's memory: moving them would cost as much as reading them. */
export interface RowSink {
  /**
   * Takes a row, or the next part of one, with the line end that closes it. The whole chunk may be written to, also the
   * bytes between two rows, until the promise of `chunkRead`.
   *
   * @param from where it begins in the chunk
   * @param to behind its last byte
   * @param ends whether the row ends there
   */
  row(chunk: Buffer, from: number, to: number, ends: boolean): void;
  /** Called after the last row of each chunk; the next comes at once, or when the promise resolves. */
  chunkRead(): Promise<void> | undefined;
}

/** One session on the database. */
export interface DatabaseSession {
  /** Runs one statement with positional parameters. Throws `database-unreachable` or `database-query-failed`. */
  query(sql: string, parameters?: readonly unknown[]): Promise<QueryResult>;
  /**
   * Runs `COPY (…) TO STDOUT` and hands its rows over. Throws like `query`, and whatever the sink throws: the session is
   * of no use then.
   */
  copyOut(copySql: string, sink: RowSink): Promise<void>;
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

/**
 * How the operator may get into the database: connection strings, likeliest first, each a secret. A later one is looked
 * up only when those before it were refused.
 */
export type DatabaseLogins = () => AsyncIterable<string>;

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
  /**
   * Removes one object; one that is not there is success. Throws `store-refused` where the store holds on to it. A store
   * that keeps versions hides it, and drops those versions that nothing holds.
   */
  remove(key: string): Promise<void>;
  /** Removes what broken uploads under `prefix` left, where nothing was written since `before`; tells how many. */
  removeUnfinished(prefix: string, before: Date): Promise<number>;
}

/** An object store that may keep objects from being deleted for a time. */
export interface LockableObjectStore extends ErasableObjectStore {
  /**
   * Locks an object so that nobody deletes it before a moment; a lock is made longer, never shorter.
   *
   * @returns until when it is locked (RFC 3339, UTC); null where the store has no Object Lock
   */
  lock(key: string, lock: { readonly until: Date; readonly mode: ObjectLockMode }): Promise<string | null>;
  /** Why the store does not let go of an object now, in words; null when it may be removed. */
  holdOn(key: string): Promise<string | null>;
}

/** A bucket that says what it does against deletion. Throws `store-unavailable` or `store-refused`. */
export interface ProtectedBucket {
  protection(): Promise<BucketProtection>;
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

/** Looks whether mail could be sent, and sends none. Throws as {@link Mailer} does. */
export interface MailServerCheck {
  /** Connects and logs in. */
  verify(): Promise<void>;
}

/** A clock elsewhere. Throws `provider-unavailable` (retried) or `provider-answer-unknown`. */
export interface RemoteClock {
  /** How far it is ahead of this machine's, ms, give or take `errorMs`. */
  compare(): Promise<{ readonly aheadMs: number; readonly errorMs: number }>;
}

/** How the orchestrator itself stands. Throws `orchestrator-unavailable` (retried). */
export interface OrchestratorCheck {
  readFacts(): Promise<OrchestratorFacts>;
  /** How the monitor of an environment stands; null when none runs. */
  readMonitor(environment: string): Promise<MonitorFacts | null>;
}

/** What runs in Temporal beside the caller. Throws `orchestrator-unavailable` (retried). */
export interface RunRegistry {
  /** The recovery that holds an environment, and the phase it is in where it says so; null when none does. */
  recoveryOf(environment: string): Promise<{
    readonly workflowId: string;
    readonly runId: string;
    readonly phase: string | null;
  } | null>;
  /** Operations of an environment that are running, the caller's own excluded by its run id. */
  operationsOf(
    environment: string,
    exceptRunId: string,
  ): Promise<readonly { readonly workflowId: string; readonly runId: string; readonly operation: string }[]>;
  /** The run that this one was reset from and that had sent a restore request after the point of the reset; null: none. */
  requestBeforeReset(workflowId: string, runId: string): Promise<string | null>;
  /** Reviews of an environment that wait for people. `startedAt` RFC 3339, UTC. */
  reviewsOf(environment: string): Promise<
    readonly {
      readonly workflowId: string;
      readonly runId: string;
      readonly review: ReviewName;
      readonly startedAt: string;
    }[]
  >;
  /** Tells a review that something was attested. No error when it has ended. */
  tellAttested(workflowId: string, runId: string): Promise<void>;
  /** Asks an operation to stand back: it stops at its next safe point. No error when it has ended. */
  askToStandBack(workflowId: string, runId: string): Promise<void>;
}

/** How a recovery is seen from outside. */
export type SeenRecovery =
  | { readonly state: 'running'; readonly runId: string; readonly status: RecoveryStatus | null }
  | {
      readonly state: 'over';
      readonly runId: string;
      /** Null where the run was terminated, or nobody answers for it. */
      readonly report: RecoveryReport | null;
      readonly left: LeftBehind | null;
    };

/** Recoveries as the people around them see them. Throws `orchestrator-unavailable` (retried). */
export interface RecoveryDesk {
  /** The last recovery of an environment, running or over; null when there never was one. */
  newest(
    environment: string,
  ): Promise<{ readonly workflowId: string; readonly runId: string; readonly startedAt: string } | null>;
  /** How a recovery stands; one that went over into another scenario is followed there. */
  look(workflowId: string, runId: string): Promise<SeenRecovery>;
  /** Gives an answer by the signal that people use. Its verdict is in the status. */
  answer(workflowId: string, runId: string, kind: AnswerKind, answer: Answer): Promise<void>;
  /** Drills of an environment that run, oldest first, as Temporal's index has them: it lags. */
  drillsOf(environment: string): Promise<readonly { readonly workflowId: string; readonly runId: string }[]>;
  /** Whether a run goes on. */
  isRunning(workflowId: string, runId: string): Promise<boolean>;
}

/** The way to the monitor from outside. Throws `orchestrator-unavailable` (retried). */
export interface MonitorOrders {
  /** Hands an order over; the monitor is started where it does not run. */
  give(environment: string, order: MonitorOrder): Promise<void>;
  /** Ends a monitor that runs and does not move, so that another can be started; tells why, null where it moves. */
  endStuck(environment: string): Promise<string | null>;
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

/**
 * A command line of the operator's own, such as one that starts a container. Throws `operator-command-failed` (not
 * retried), whose text holds none of the values.
 */
export interface OperatorCommand {
  /** Runs it to its end with these environment variables. */
  run(variables: Readonly<Record<string, string>>): Promise<void>;
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

/** Writes schemas down. Throws as {@link PostgresPrograms} does. */
export interface SchemaDumper {
  /** With `snapshotId`, an exported snapshot of an open transaction, the schema is that of the same moment. */
  dump(input: {
    readonly schemas: readonly string[];
    readonly snapshotId?: string;
    readonly signal?: AbortSignal;
  }): Promise<SchemaDump>;
}

/**
 * PostgreSQL's own client programs. A connection string is a secret: it appears in no argument and no message. Throws
 * `database-unreachable` (retried), `database-login-refused`, `database-query-failed`, or `configuration-invalid` for a
 * `pg_dump` that is older than the server.
 */
export interface PostgresPrograms {
  /** Major version of `pg_dump`. */
  dumpVersion(): Promise<number>;
  /**
   * Dumps schemas as plain SQL, without owners. The stream fails where the program does, so that half a dump never looks
   * whole; destroying it ends the program.
   */
  dumpSql(dump: {
    readonly connectionString: string;
    readonly schemas: readonly string[];
    /** An exported snapshot of an open transaction: the dump shows the same moment. */
    readonly snapshotId?: string;
    /** Leaves out every definition. */
    readonly rowsOnly?: boolean;
    readonly signal?: AbortSignal;
  }): Promise<Readable>;
  /**
   * Runs SQL as `psql` reads it, in one transaction. The first error ends it, and so does a script that fails or whose
   * writer dies: the database is then as it was.
   *
   * @returns the warnings of the server
   */
  runSql(run: {
    readonly connectionString: string;
    readonly script: AsyncIterable<Uint8Array>;
    readonly signal?: AbortSignal;
  }): Promise<readonly string[]>;
}

/** The program that a worker runs. Throws `configuration-invalid` where it cannot be read. */
export interface SourceCode {
  /** Lower-case hex SHA-256 of each part, as it was when the worker started. */
  parts(): Promise<Readonly<Record<string, string>>>;
}
