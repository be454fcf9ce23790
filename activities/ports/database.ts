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
