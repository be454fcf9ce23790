import type { Readable } from 'node:stream';

/**
 * A command line of the operator's own, such as one that starts a container. Throws `operator-command-failed` (not
 * retried), whose text holds none of the values.
 */
export interface OperatorCommand {
  /** Runs it to its end with these environment variables. */
  run(variables: Readonly<Record<string, string>>): Promise<void>;
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
