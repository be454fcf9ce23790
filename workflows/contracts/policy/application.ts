/** When the application counts as recovered. */
export interface HealthPolicy {
  /** How long the application must stay healthy, without a failed probe, before it counts as recovered. */
  readonly watchMs: number;
  readonly probeEveryMs: number;
  /** How long it may take to become healthy at all. */
  readonly deadlineMs: number;
}

/** When a crash is persistent, and what is done about it then (procedure, section 4, scenario 2). */
export interface CrashPolicy {
  /** So many failures within `withinMs` make it persistent. The one that began the incident is the first. */
  readonly persistentAfter: number;
  readonly withinMs: number;
  /** How long the application may take to become healthy after a restart. */
  readonly restartDeadlineMs: number;
  /** A deployment that fails this soon after it was made is a bad deployment: restarting it is no help. */
  readonly newDeploymentMs: number;
  /** Whether a persistent crash is rolled back without asking: the objective leaves 5 minutes for everything. */
  readonly rollbackWithoutApproval: boolean;
}
