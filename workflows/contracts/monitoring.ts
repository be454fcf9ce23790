import type { RunnableScenario } from './names.ts';
import type { TargetRequest } from './recovery-point.ts';

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
}

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
