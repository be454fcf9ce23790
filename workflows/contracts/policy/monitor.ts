import type { MonitorRule } from '../monitoring.ts';

/** How production is watched. All times in ms. */
export interface MonitorPolicy {
  /** Between two looks at the application. */
  readonly probeEveryMs: number;
  /** Between two looks while something was seen bad and does not count as trouble yet, where that is sooner. */
  readonly confirmEveryMs: number;
  /** Between two looks at what costs more than a request. */
  readonly everyMs: {
    /** The database's state and its platform, the application's platform and its logs. */
    readonly platform: number;
    /** Rows, invariants, statements and sessions. */
    readonly database: number;
    /** Every page of every table. */
    readonly pages: number;
    /** Roles, grants, indicators. */
    readonly security: number;
    /** What the platform advises. */
    readonly advice: number;
    readonly backups: number;
  };
  /** How long one look may take before it is "not known": at the pages and the rows, and at everything else. */
  readonly patienceMs: { readonly pages: number; readonly database: number; readonly other: number };
  /** One for each signal that is to be looked at or may be reported; one without a rule is not. */
  readonly rules: readonly MonitorRule[];
  /** From `share` on (0 to 1), and from so many on. */
  readonly errorRate: {
    /** Of the log and of health probes. */
    readonly windowMs: number;
    /** Of users' requests: longer than their count may be late. */
    readonly requestsWindowMs: number;
    readonly share: number;
    readonly atLeast: number;
  };
  /** The median of the last so many health probes. */
  readonly responseTime: { readonly medianMs: number; readonly probes: number };
  readonly slowQueries: {
    /** A statement that runs longer is slow. */
    readonly runningMs: number;
    /** The mean of a statement over one look, where it was run at least so often in it. */
    readonly meanMs: number;
    readonly calls: number;
  };
  /** The share (0 to 1) of a table's rows that went missing since it was good, and how many at least. */
  readonly missingRecords: { readonly share: number; readonly atLeast: number };
  /** The share (0 to 1) of a table's rows that one transaction changed, and how many at least. */
  readonly massChange: { readonly share: number; readonly atLeast: number };
  /** `schema.table` whose rows may be deleted or changed at will, such as sessions. */
  readonly volatileTables: readonly string[];
  /** `schema.table` whose rows, once written, are never changed and never deleted. */
  readonly unchangingTables: readonly string[];
  /** Larger tables are not read row by row; only the server's own statistics tell of them. Bytes. */
  readonly largestReadTable: number;
  readonly failedLogins: { readonly windowMs: number; readonly atLeast: number };
  /** Roles that may exist; `*` stands for any text. */
  readonly knownRoles: readonly string[];
  /** CIDRs that sessions may come from. */
  readonly knownNetworks: readonly string[];
  /** Rows that the statements of one role return between two looks at the database. */
  readonly bulkReads: {
    readonly rows: number;
    /** Roles that read everything by their task, such as the one that backups log in as. */
    readonly exemptRoles: readonly string[];
  };
}
