/** What a restored database must meet: a query that counts offending rows, and how many are allowed. */
export interface Invariant {
  readonly name: string;
  /** SQL that returns one row with one integer column: the number of violations. */
  readonly countViolations: string;
  readonly allowed: number;
}

/** A table with the column that tells when a row was last written, or null when nothing tells. */
export interface TimestampColumn {
  /** `schema.table`. */
  readonly table: string;
  readonly column: string | null;
}

/** A queue whose pending work must not be done a second time after a rewind. */
export interface JobQueue {
  /** `schema.table`. */
  readonly table: string;
  readonly keyColumn: string;
  readonly statusColumn: string;
  readonly pendingStatus: string;
  readonly heldStatus: string;
}

/** A database role whose password must be the one the application uses, also after a rewind. */
export interface ApplicationRole {
  readonly role: string;
  /** Name of the application variable that holds the connection string with the current password. */
  readonly variable: string;
}

/** Names of files that the database refers to: a table's column against the keys of a bucket. */
export interface FileReference {
  readonly table: string;
  readonly column: string;
  readonly bucket: string;
}
