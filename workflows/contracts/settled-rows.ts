/** The server's own counters of one table: rows of statements that were undone are counted as well. */
export interface TableCounters {
  /**
   * Names the history of the server, the life of its counters and the file of the table. Only where it is equal may two
   * readings be held against each other: every other restore, server, crash or rewriting of the table has another one.
   */
  readonly since: string;
  readonly updated: number;
  readonly deleted: number;
}

/** A set of rows that only deletions and changes make smaller, whatever is inserted later. */
export interface SettledRows {
  /** Transactions below this had ended, and everything they wrote was to be seen; 64 bits as text. */
  readonly settledBefore: string;
  /** Rows that those had written. */
  readonly settledRows: number;
  /** As they stood before the rows were counted. */
  readonly counters: TableCounters;
}
