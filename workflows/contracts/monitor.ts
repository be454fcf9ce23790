import { defineQuery, defineSignal } from '@temporalio/workflow';
import type { RecoveryMarker } from './marker.ts';
import type { Evidence, Incident, MonitorMemory, SignalName, SignalState, Silence } from './monitoring.ts';
import type { RunnableScenario } from './names.ts';
import type { Scenario } from './policy/objectives.ts';

/** Workflow type of the monitor; input {@link MonitorInput}. */
export const monitorWorkflow = 'monitor';

/** Workflow id of the monitor of an environment: there is one. */
export const monitorWorkflowId = (environment: string): string => `monitor-${environment}`;

/** Id, without the environment, of the schedule that keeps the monitor running. */
export const monitorSchedule = 'monitor';

/** What is sent to the monitor. It comes from outside and is parsed and judged in an activity. */
export type MonitorOrder = {
  /** Chosen by the sender to find the verdict again; the same id twice is one order. */
  readonly id: string;
  /** A name of the policy; for an alert the system that sent it. */
  readonly by: string;
  readonly reason: string;
} & (
  | { readonly kind: 'silence' /** RFC 3339 with offset. */; readonly until: string }
  | { readonly kind: 'unsilence' }
  | { readonly kind: 'stop' }
  | {
      readonly kind: 'report';
      /** A person's word, or that of another system whose signature was right. */
      readonly through: 'user-report' | 'outside-alert';
      /** Which signal is bad; null where the scenario is named. */
      readonly signal: SignalName | null;
      /** Null for the one that the signal speaks for. */
      readonly scenario: RunnableScenario | null;
      /** RFC 3339 with offset: since when; null when it is not known. */
      readonly since: string | null;
    }
);

/** Gives the monitor an order; Temporal keeps it also while no worker lives. The verdict is in {@link monitorQuery}. */
export const orderSignal = defineSignal<[MonitorOrder]>('monitorOrder');

/** What became of an order. */
export interface OrderVerdict {
  readonly id: string;
  readonly accepted: boolean;
  /** One sentence. */
  readonly verdict: string;
}

/** A judged order, with what it brings. */
export type JudgedOrder = OrderVerdict &
  (
    | { readonly accepted: false }
    | { readonly accepted: true; readonly kind: 'silence'; readonly silence: Silence }
    | { readonly accepted: true; readonly kind: 'unsilence' | 'stop' }
    | { readonly accepted: true; readonly kind: 'report'; readonly report: Report }
  );

/** A report that counts as evidence until its incident is closed. */
export interface Report {
  readonly evidence: Evidence;
  /** Whether somebody said since when, so that a recovery can go back to just before. */
  readonly sinceKnown: boolean;
}

/** The open incident, and the recovery that serves it. */
export interface OpenIncident {
  readonly incident: Incident;
  readonly reports: readonly Report[];
  /** Null while none was started. */
  readonly recovery: {
    readonly scenario: RunnableScenario;
    /** Why it was taken back before it began; null when it was not. */
    readonly withdrawn: 'no-evidence' | 'another-scenario' | null;
  } | null;
  /** Why nothing is started for it; null where nothing hinders. */
  readonly heldBack: string | null;
  /** Which evidence the diagnosis was made of: it is made anew when that changes. */
  readonly diagnosedFrom: string;
}

/** What the monitor hands to its next run, and shows. Times RFC 3339, UTC. */
export interface MonitorCarried {
  readonly since: string;
  readonly states: readonly SignalState[];
  readonly memory: MonitorMemory | null;
  readonly evidence: readonly Evidence[];
  readonly open: OpenIncident | null;
  /** Reports that wait for a silence to end. */
  readonly reports: readonly Report[];
  readonly silence: Silence | null;
  /** Signals that a person has decided on and that were not seen good since. */
  readonly settled: readonly { readonly signal: SignalName; readonly at: string }[];
  /** Signals that begin anew at the next look. */
  readonly forget: readonly SignalName[];
  /** The recovery that somebody else started and that is under way; null when none is. */
  readonly beside: Scenario | 'unknown' | null;
  /** Whether a breach beside a recovery was told. */
  readonly breachTold: boolean;
  /** Signals that speak for no runbook and were told. */
  readonly told: readonly SignalName[];
  /** Which evidence was found to speak for no runbook: it is judged anew when that changes. */
  readonly toldFrom: string;
  /** The last orders, oldest first. */
  readonly verdicts: readonly OrderVerdict[];
  readonly pages: number;
  readonly lookedAt: string | null;
  /** The recovery marker that was written last; absent while none was. */
  readonly marker?: RecoveryMarker;
}

/** Input of the workflow `monitor`. */
export interface MonitorInput {
  readonly environment: string;
  /** Absent at the first run: what was stored is read then. */
  readonly carried?: MonitorCarried;
  /** How long one run looks before the next begins with the policy as it is then, ms; absent for five minutes. */
  readonly runMs?: number;
}

/** What the monitor says of itself. */
export interface MonitorStatus
  extends Pick<
    MonitorCarried,
    'since' | 'states' | 'open' | 'silence' | 'settled' | 'told' | 'verdicts' | 'lookedAt' | 'marker'
  > {
  readonly environment: string;
  /** Why it cannot look at the moment; null when it can. */
  readonly trouble: string | null;
  readonly stopped: boolean;
}

/** Reads how the monitor stands. Answered while a worker lives. */
export const monitorQuery = defineQuery<MonitorStatus>('monitor');

/** The newest recovery of an environment, of whatever scenario. */
export type LatestRecovery =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'running';
      /** RFC 3339, UTC. */
      readonly startedAt: string;
      /** Null while no worker tells. */
      readonly scenario: Scenario | null;
      /** Whether it only waits to be begun, and has changed nothing. */
      readonly proposed: boolean;
    }
  | {
      readonly kind: 'ended';
      /** RFC 3339, UTC. */
      readonly startedAt: string;
      /** `other`: something was left behind, or it was terminated. */
      readonly outcome: 'recovered' | 'undone' | 'other';
      /** Whether measures of it are still in force. */
      readonly leftMeasures: boolean;
    };
