import type { RecoveryMarker } from './marker.ts';
import type { RunnableScenario } from './names.ts';
import type { TargetRequest } from './recovery-point.ts';
import type { SettledRows, TableCounters } from './settled-rows.ts';

/** What the monitor looks at: what the procedure lists under "Detection" (section 4), and the age of backups. */
export const signalNames = [
  'health-check',
  'error-rate',
  'response-time',
  'slow-queries',
  'missing-records',
  'inconsistent-data',
  'checksum-failures',
  'database-provider',
  'deployment',
  'failed-logins',
  'roles-and-grants',
  'unknown-networks',
  'bulk-reads',
  'security-advice',
  'backup-age',
  'user-report',
  'outside-alert',
] as const;

/** One of {@link signalNames}. */
export type SignalName = (typeof signalNames)[number];

/** Signals that people and other systems bring; no probe looks for them. */
export type ReportedSignal = Extract<SignalName, 'user-report' | 'outside-alert'>;

/** When a signal counts as trouble, and when it is over: two numbers, so that one that flickers opens nothing. */
export interface MonitorRule {
  readonly signal: SignalName;
  /** The runbook that it speaks for; null where it is told and starts nothing. */
  readonly scenario: RunnableScenario | null;
  /** So many bad probes in a row make it trouble. */
  readonly badAfter: number;
  /** So many good probes in a row end it. */
  readonly goodAfter: number;
}

/** What the monitor must reach to see anything; all of it silent at once is a complete failure. */
export type Reach = 'application' | 'application-platform' | 'database' | 'database-provider';

/** A signal that counts as trouble now. Holds no secret. */
export interface Evidence {
  readonly signal: SignalName;
  readonly scenario: RunnableScenario | null;
  /** RFC 3339, UTC: when the first bad probe of this row was made. */
  readonly since: string;
  /** RFC 3339, UTC: when it was seen good last; null when it never was. */
  readonly lastGoodAt: string | null;
  /** One sentence: what was found, with figures. */
  readonly found: string;
  /** What the rule expects, in words. */
  readonly expected: string;
  /** What did not answer. */
  readonly unreachable: readonly Reach[];
}

/** What is known of each signal between two looks; carried from one look to the next. */
export interface SignalState {
  readonly signal: SignalName;
  readonly badInARow: number;
  readonly goodInARow: number;
  readonly lastGoodAt: string | null;
  readonly badSince: string | null;
  /** Whether it counts as trouble. */
  readonly trouble: boolean;
  /** RFC 3339, UTC; null when it was not probed yet. */
  readonly probedAt: string | null;
  /** The last probe's words. */
  readonly found: string;
  /** What the signal expects, in words. */
  readonly expected: string;
  /** What did not answer. */
  readonly unreachable: readonly Reach[];
  /** What was found is told and starts nothing, although the rule names a runbook. */
  readonly tellsOnly: boolean;
}

/** What a look is held against beside the policy: how things stood when they were good. Holds no rows and no secret. */
export interface MonitorMemory {
  /** Tables as they stood when nothing was missing. */
  readonly tables: readonly RememberedTable[];
  /** Rows that are gone although the server counted neither their deletion nor a change; absent where there were none. */
  readonly unaccounted?: readonly UnaccountedRows[] | undefined;
  /** Baselines of row counts that are older than this are not looked at any more; RFC 3339, UTC. */
  readonly acceptedAt: string | null;
  /** Checksum failures of the server that are known; null where those that it has counted are accepted. */
  readonly checksumFailures: number | null;
  /** The last time that every page was read. */
  readonly examination: { readonly at: string; readonly findings: readonly string[] } | null;
  /** Attributes and memberships of roles that are known; null before the first look. */
  readonly powers: readonly string[] | null;
  /** Advice of the platform that is known; null before the first look. */
  readonly advice: readonly string[] | null;
  /** Statements that were ever slow, the costliest; null before the first look. */
  readonly statements: readonly RememberedStatement[] | null;
  /** Rows that statements of each role returned since the server counts. */
  readonly rowsReturned: Readonly<Record<string, number>> | null;
  /** The last health probes, oldest first. */
  readonly healthProbes: readonly {
    readonly at: string;
    readonly healthy: boolean;
    readonly latencyMs: number;
  }[];
}

/** What one role ran of one statement when it was judged last, by the server's counters. */
export interface RememberedStatement {
  /** The server's id of it: its text may hold what it was called with. */
  readonly id: string;
  readonly role: string;
  readonly calls: number;
  readonly totalMs: number;
  /** When it was judged to be slow, RFC 3339, UTC; null when it was not. */
  readonly slowAt: string | null;
}

/** One table at one look. */
export interface RememberedTable {
  /** `schema.table`. */
  readonly table: string;
  readonly rows: number;
  /** Transactions below this had ended, and everything they wrote was to be seen; 64 bits as text. */
  readonly settledBefore: string;
  /** Rows that those had written. */
  readonly settledRows: number;
  /** Over the settled rows of a table that is declared as unchanging; null for others. */
  readonly fingerprint: string | null;
  /** Rows of it went missing since, and were not seen to come back: new ones do not make up for them. */
  readonly wentMissing?: true | undefined;
  /** Read before the rows were; absent where they tell nothing. */
  readonly counters?: TableCounters | undefined;
}

/** Settled rows that one look saw gone, and that the server's counters do not account for yet. */
export interface UnaccountedRows extends SettledRows {
  readonly table: string;
  /** How many of them were gone, deleted and changed ones included. */
  readonly gone: number;
  /** When they were seen gone: Unix ms by the server's clock. What was committed later explains nothing of it. */
  readonly seenAtMs: number;
}

/** One long look, which ends when something changes. */
export interface ObserveInput {
  readonly environment: string;
  /** As the look before returned them; empty at the first. */
  readonly states: readonly SignalState[];
  /** As the look before returned it; null at the first. */
  readonly memory: MonitorMemory | null;
  /** How long to look where nothing changes, ms. */
  readonly forMs: number;
  /** While a recovery changes production, data and security are not looked at, and no marker is written. */
  readonly recoveryRunning: boolean;
  readonly writeMarkers: boolean;
  /** Looks at everything now, whatever is due. */
  readonly everything?: boolean;
  /**
   * Accepts things as they are: each of these signals begins anew, held against the present. For an incident that ended
   * or was dismissed; without it a row that is gone for good would be missed for ever.
   */
  readonly forget?: readonly SignalName[];
}

/** What a look saw. */
export interface Observation {
  /** One a probed signal, in the order of {@link signalNames}; signals never looked at are left out. */
  readonly states: readonly SignalState[];
  readonly memory: MonitorMemory;
  /** Everything that counts as trouble now. */
  readonly evidence: readonly Evidence[];
  /** Signals that turned to trouble, or back; none where the time was over. */
  readonly changed: readonly SignalName[];
  /** Written last during this look; null when none was. */
  readonly marker: RecoveryMarker | null;
  /** RFC 3339, UTC. */
  readonly endedAt: string;
}

/** Which runbook the evidence speaks for. */
export type Diagnosis = Pick<Incident, 'scenario' | 'alsoPossible' | 'because' | 'target' | 'incidentAt'>;

/** Why a recovery is proposed, and which one. */
export interface Incident {
  readonly environment: string;
  /** Stays the same until it is closed. */
  readonly id: string;
  /** RFC 3339, UTC. */
  readonly openedAt: string;
  /** RFC 3339, UTC: earliest moment at which trouble was seen, where recovery time begins. */
  readonly incidentAt: string;
  /** Null while the evidence speaks for no runbook. */
  readonly scenario: RunnableScenario | null;
  /** Other scenarios that evidence speaks for. */
  readonly alsoPossible: readonly RunnableScenario[];
  /** One sentence: why this scenario, and why rather than another. */
  readonly because: string;
  /** Where to go back to, where the scenario goes back; null where it finds that itself, or goes nowhere. */
  readonly target: TargetRequest | null;
  readonly evidence: readonly Evidence[];
  /** RFC 3339, UTC; null while it is open. */
  readonly closedAt: string | null;
  /** How it ended; null while it is open. */
  readonly ending: 'recovered' | 'false-alarm' | 'dismissed' | 'not-recovered' | null;
}

/** Alerts of the monitor that are held back, such as during maintenance. */
export interface Silence {
  readonly by: string;
  readonly reason: string;
  /** RFC 3339, UTC. */
  readonly from: string;
  readonly until: string;
}
