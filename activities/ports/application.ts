import type { DeployedCommit } from '../../workflows/contracts/crash.ts';

/** One line that the application or the platform wrote. */
export interface LogLine {
  /** RFC 3339, UTC. */
  readonly at: string;
  readonly severity: string;
  readonly message: string;
}

/** One deployment of the application. `unknown` is a status this version does not know: not ready, never an error. */
export interface Deployment {
  readonly id: string;
  readonly status: 'running' | 'starting' | 'stopped' | 'crashed' | 'failed' | 'unknown';
  /** The provider's own word. */
  readonly rawStatus: string;
  /** RFC 3339, UTC. */
  readonly createdAt: string;
  /** RFC 3339, UTC: when the status changed last; null when the platform does not tell. */
  readonly statusChangedAt: string | null;
  readonly canRollback: boolean;
  readonly canRedeploy: boolean;
  /** Null when the platform does not tell, such as for an image that was pushed. */
  readonly commit: DeployedCommit | null;
}

/** How many requests of users were answered with one HTTP status code. */
export interface RequestCount {
  /** Such as 200 or 502. */
  readonly status: number;
  readonly requests: number;
}

/** Who runs the application. Every method may throw the `provider-*` errors. */
export interface ApplicationPlatform {
  /** Newest first. */
  deployments(): Promise<readonly Deployment[]>;
  autoDeploy(): Promise<{
    readonly enabled: boolean;
    readonly canEnable: boolean;
    readonly reason: string | null;
  }>;
  setAutoDeploy(enabled: boolean): Promise<void>;
  cancelDeployment(id: string): Promise<void>;
  stopDeployment(id: string): Promise<void>;
  /** Starts a new deployment of the same build as `id`; returns the new deployment's id. */
  redeploy(id: string): Promise<string>;
  restartDeployment(id: string): Promise<void>;
  /** Deploys the build of `id` with the variables as they were then, which become the service's own again. */
  rollbackTo(id: string): Promise<void>;
  /** What it wrote while running: the newest `limit` lines, oldest first. */
  logs(id: string, limit: number): Promise<readonly LogLine[]>;
  /** What was written while it was built: the newest `limit` lines, oldest first. */
  buildLogs(id: string, limit: number): Promise<readonly LogLine[]>;
  /**
   * What users were answered between two moments (RFC 3339, UTC), counted where the platform takes their requests in: 502
   * where no process answered counts too. The newest requests may be missing; empty where there was none.
   */
  requestsByStatus(from: string, to: string): Promise<readonly RequestCount[]>;
  /** Reads one variable of the service, as the application gets it. A secret: it stays inside the activity that asked. */
  variable(name: string): Promise<string | undefined>;
  /**
   * Reads the variables that somebody set on the service, as written: references to other services are not resolved.
   * Secrets: they stay inside the activity that asked.
   */
  variables(): Promise<Readonly<Record<string, string>>>;
  /** Sets these variables and leaves the others; deployments take them from the next one on. May be sent twice. */
  setVariables(variables: Readonly<Record<string, string>>): Promise<void>;
}

/** The application as its users reach it. Never throws for an unhealthy answer. */
export interface ApplicationProbe {
  /** One health request; `latencyMs` until the answer or the failure. */
  probe(): Promise<{ readonly healthy: boolean; readonly latencyMs: number; readonly detail: string }>;
}
