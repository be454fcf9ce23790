import type { Answer, AnswerKind } from '../../workflows/contracts/decisions.ts';
import type { LeftBehind } from '../../workflows/contracts/inputs.ts';
import type { MonitorOrder } from '../../workflows/contracts/monitor.ts';
import type { RunnableScenario } from '../../workflows/contracts/names.ts';
import type { ScheduleSpec, ScheduleState } from '../../workflows/contracts/operations.ts';
import type { MonitorFacts, OrchestratorFacts } from '../../workflows/contracts/readiness-facts.ts';
import type { RecoveryReport } from '../../workflows/contracts/report.ts';
import type { ReviewName } from '../../workflows/contracts/reviews.ts';
import type { RecoveryStatus } from '../../workflows/contracts/status.ts';

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
  /** Runs of a scenario's recovery in an environment, newest first, as Temporal's index has them: it lags. */
  recoveriesOf(
    environment: string,
    scenario: RunnableScenario,
  ): Promise<readonly { readonly workflowId: string; readonly runId: string; readonly startedAt: string }[]>;
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
