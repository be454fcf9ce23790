import type { StopMode } from '../../../activities/adapters/scratch-postgres/server-process.ts';
import type { Role } from './superuser.ts';
import type { BaseBackup } from './timelines.ts';

/** What the cluster is doing. `failed` is a restore that died midway: the old data folder is kept, nothing runs. */
export type ClusterStatus = 'running' | 'stopped' | 'restoring' | 'failed';

/** The stages of a restore, in order. */
export const restorePhases = [
  'archiving-tail',
  'stopping',
  'setting-aside',
  'copying',
  'recovering',
] as const;

/** One of {@link restorePhases}. */
export type RestorePhase = (typeof restorePhases)[number];

/** The moments that can be restored, in integer UTC seconds, both inclusive. */
export interface RestoreWindow {
  readonly earliestUnix: number;
  readonly latestUnix: number;
}

/** What a cluster needs of its caller. */
export interface SandboxPostgresOptions {
  /** Folder of the cluster alone, made and removed by it; under `/dev/shm` where there is room. */
  readonly folder: string;
  /** Folder of the PostgreSQL programs. */
  readonly binFolder: string;
  /** A free one by default. */
  readonly port?: number;
  /** Loopback addresses to listen on beside 127.0.0.1. */
  readonly extraListenAddresses?: readonly string[];
  /** Longest time that a commit waits to be archived while the server works, in seconds; 2 by default. */
  readonly archiveTimeoutSeconds?: number;
  /** Called and awaited before each phase of a restore; what it throws makes the restore fail there. */
  readonly onRestorePhase?: (phase: RestorePhase) => Promise<void> | void;
}

/** A real PostgreSQL with WAL archive, base backups and point-in-time recovery in place. */
export interface SandboxPostgres {
  readonly host: '127.0.0.1';
  /** The same after every restore. */
  readonly port: number;
  readonly superuser: Role;
  /** The live data folder; a restore replaces it. */
  readonly dataFolder: string;
  readonly logFile: string;

  connectionString(role: Role, database: string): string;
  status(): ClusterStatus;
  /** Why the last restore failed, `undefined` when it did not. */
  restoreFailure(): Error | undefined;
  /** Process id of the postmaster, `undefined` when none runs. */
  processId(): number | undefined;
  /** Number of the live timeline; each restore makes a new one. */
  timeline(): number;

  /** @throws ClusterBusy unless running @throws PostgresFailed */
  takeBaseBackup(): Promise<BaseBackup>;
  /** Oldest first; they outlive every restore. */
  baseBackups(): readonly BaseBackup[];
  /** Commits a marker and waits until all WAL up to it is archived. @throws ClusterBusy unless running */
  archiveNow(): Promise<void>;
  /**
   * From the first whole second after the first base backup to the second of the newest archived commit. `undefined`
   * without a base backup, and until a commit after it is archived.
   */
  restoreWindow(): Promise<RestoreWindow | undefined>;
  /**
   * Takes the cluster back to a moment: every commit with a timestamp up to and including the second is there, none
   * later. The moment belongs to the timeline that was live then. A target after the window's end is possible while
   * the server lives, which then archives its tail first.
   *
   * @throws RestoreTargetRefused before touching anything: before the first base backup's end, in the future, not
   *   archived @throws ClusterBusy during another restore @throws Error when it dies midway; the status is then
   *   `failed`, and another restore may be tried
   */
  restoreTo(targetUnix: number): Promise<void>;
  /** Data folders from before past restores, oldest first. */
  keptFolders(): Promise<readonly string[]>;
  discardKeptFolders(): Promise<void>;

  /**
   * Lets roles other than the superuser connect from these networks only. A restore does not rewind it, and sessions
   * that are connected stay so. @throws RangeError for what is not a network in CIDR notation; nothing is changed then
   */
  setNetworkRestrictions(cidrs: readonly string[]): Promise<void>;
  networkRestrictions(): readonly string[];
  /**
   * Lets roles other than the superuser connect with TLS only, by the server's own access rules. The pinned build of
   * PostgreSQL has no TLS, so that nobody but the superuser gets in while it is on. Not rewound by a restore.
   */
  setSslEnforced(enforced: boolean): Promise<void>;
  sslEnforced(): boolean;

  /** `fast` archives all WAL, `immediate` is a crash. @throws ClusterBusy during a restore */
  stop(mode?: StopMode): Promise<void>;
  /** @throws ClusterBusy during or after a failed restore @throws PostgresFailed */
  start(): Promise<void>;
  /** Ends the server, whatever it does, and removes the folder. May be called twice. */
  dispose(): Promise<void>;
}
