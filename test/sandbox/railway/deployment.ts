import { createHash, randomUUID } from 'node:crypto';
import { type LogEntry, parseLogLine } from './log-entry.ts';
import type { Replica } from './replica.ts';

/** The statuses of Railway's schema that the sandbox uses. */
export type RailwayStatus = 'BUILDING' | 'DEPLOYING' | 'SUCCESS' | 'CRASHED' | 'FAILED' | 'REMOVED';

const inProgress: readonly RailwayStatus[] = ['BUILDING', 'DEPLOYING'];
const mostLogEntries = 2_000;

/** One deployment, with the variables as they were when it was made. */
export class SandboxDeployment {
  readonly id = randomUUID();
  readonly version: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly createdAt: Date;
  readonly logs: LogEntry[] = [];
  readonly buildLogs: LogEntry[] = [];
  readonly cancelling = new AbortController();
  statusUpdatedAt: Date;
  #status: RailwayStatus;
  /** Whether its image is still kept, so that it can be rolled back to. */
  hasImage: boolean;
  /** Whether it has been running at some time. */
  hasRun = false;
  /** Whether it was activated: from then on it can be stopped, not cancelled. */
  activated = false;
  stopped = false;
  replica: Replica | undefined;

  constructor(input: {
    readonly version: string;
    readonly variables: Readonly<Record<string, string>>;
    readonly createdAt: Date;
    readonly status: RailwayStatus;
    readonly hasImage: boolean;
  }) {
    this.version = input.version;
    this.variables = { ...input.variables };
    this.createdAt = input.createdAt;
    this.statusUpdatedAt = input.createdAt;
    this.#status = input.status;
    this.hasImage = input.hasImage;
  }

  get status(): RailwayStatus {
    return this.#status;
  }

  set status(status: RailwayStatus) {
    this.#status = status;
    this.statusUpdatedAt = new Date();
  }

  /** The commit that it was built from: one a version. */
  get commit() {
    return {
      hash: createHash('sha1').update(this.version).digest('hex'),
      message: `Release ${this.version}\n\nWhat changed in it.`,
      branch: 'main',
      repository: 'vendhub/vendhub',
    };
  }

  get inProgress(): boolean {
    return inProgress.includes(this.status);
  }

  /** Whether nothing of it runs. */
  get deploymentStopped(): boolean {
    return this.stopped || this.status === 'REMOVED' || this.status === 'CRASHED' || this.status === 'FAILED';
  }

  get canRollback(): boolean {
    return this.hasImage && this.hasRun && this.status === 'REMOVED';
  }

  get canRedeploy(): boolean {
    return this.hasImage && !this.inProgress;
  }

  /** Adds one line of output or of the platform's own. */
  log(line: string): void {
    this.logs.push(parseLogLine(line, new Date()));
    if (this.logs.length > mostLogEntries) this.logs.shift();
  }

  /** Adds one line of the build. */
  logBuild(line: string): void {
    this.buildLogs.push(parseLogLine(line, new Date()));
  }
}
