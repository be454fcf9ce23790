/** How production is meant to be guarded. Held against what is found, by a schedule and after a breach. */
export interface SecurityBaseline {
  /** Who may connect to the database; the worker must be among them. */
  readonly allowedCidrs: readonly string[];
  /** Whether the database takes connections with TLS only. */
  readonly sslEnforced: boolean;
  /** Schemas whose grants are looked at. */
  readonly schemas: readonly string[];
  /** Grants that must not be there, as `grantee: privilege on object`; `*` stands for any text. */
  readonly absentGrants: readonly string[];
  /** `schema.table` that must have row-level security. */
  readonly rowSecurity: readonly string[];
}

/** One thing that is not as the baseline says. */
export interface SecurityDifference {
  readonly about: 'network' | 'ssl' | 'grant' | 'row-security';
  /** What it is about, in the words of the baseline or of the database. */
  readonly what: string;
  readonly found: string;
  readonly wanted: string;
  /** Why it is not for a machine to put right; null when it is. */
  readonly needsPerson: string | null;
}

/** What holding the baseline against production gave. */
export interface SecurityComparison {
  readonly differences: readonly SecurityDifference[];
  /** Errors and warnings of the platform's own advisors, each in one line; null when they could not be read. */
  readonly advice: readonly string[] | null;
  /** RFC 3339, UTC. */
  readonly at: string;
}

/** What was done to bring production to its baseline. */
export interface SecurityApplied {
  readonly applied: readonly SecurityDifference[];
  /** Those that are still there, with why. */
  readonly left: readonly SecurityDifference[];
}

/** One attempt to do what the baseline forbids. */
export interface SecurityProbe {
  readonly what: string;
  /** Whether it was turned away, as it must be. */
  readonly held: boolean;
  readonly found: string;
}

/** A query for traces of a misuse. */
export interface Indicator {
  readonly name: string;
  /** SQL whose rows are suspicious. `$1`, where it is used, is the begin of the span that is looked at (timestamptz). */
  readonly sql: string;
}

/** What an indicator found. */
export interface IndicatorFinding {
  readonly name: string;
  /** Suspicious rows; null when the query failed. */
  readonly rows: number | null;
  /** The first of them as JSON, shortened. */
  readonly sample: readonly string[];
  readonly failure: string | null;
}

/** Logs that were copied away. Null where they could not be read. */
export interface LogEvidence {
  readonly key: string;
  /** Lower-case hex SHA-256 of the object. */
  readonly sha256: string;
  /** RFC 3339, UTC: how far back was asked for. */
  readonly from: string;
  readonly databaseLines: number | null;
  readonly applicationLines: number | null;
  readonly failures: readonly string[];
}

/** Evidence of a breach as it stood when it was gathered: all of it lies in the object, the numbers here are for people. */
export interface BreachEvidence {
  readonly key: string;
  /** Lower-case hex SHA-256 of the object. */
  readonly sha256: string;
  /** RFC 3339, UTC. */
  readonly from: string;
  readonly at: string;
  readonly durationMs: number;
  /** Entries of each part; null where it could not be read. */
  readonly parts: readonly {
    readonly name: string;
    readonly entries: number | null;
    readonly failure: string | null;
  }[];
  /** What a person should look at first, each in one line. */
  readonly notable: readonly string[];
}
