import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type ServerProcess,
  type StopMode,
  spawnServer,
} from '../../../activities/adapters/scratch-postgres/server-process.ts';
import type { Watchdog } from '../../../activities/adapters/scratch-postgres/watchdog.ts';
import type { ServerAccount } from '../../../activities/adapters/toolbox/index.ts';
import { accessRules, unrestricted } from './access-rules.ts';
import { timelinePrefix, WalArchive } from './archive.ts';
import { takeBaseBackup } from './base-backup.ts';
import { ClusterBusy } from './errors.ts';
import type { ClusterLayout } from './layout.ts';
import { reloadAccessRules, writeAccessRules } from './network-restrictions.ts';
import type { RunProgram } from './programs.ts';
import { prepareRecovery, type RecoveryPlan, recoverAndPromote } from './recovery.ts';
import { planRestore, type RestoreHistory, restoreWindow } from './restore-plan.ts';
import type { ClusterStatus, RestorePhase, RestoreWindow, SandboxPostgres } from './sandbox-postgres.ts';
import { type Query, type Role, singleValue, superuserQuery } from './superuser.ts';
import type { BaseBackup, Timeline } from './timelines.ts';

/** What a cluster is built from. */
export interface ClusterParts {
  readonly layout: ClusterLayout;
  readonly binFolder: string;
  readonly account: ServerAccount | undefined;
  readonly runProgram: RunProgram;
  readonly port: number;
  readonly superuser: Role;
  readonly server: ServerProcess;
  readonly watchdog: Watchdog;
  readonly onRestorePhase: (phase: RestorePhase) => Promise<void> | void;
}

/** The running cluster; see {@link SandboxPostgres} for what each member promises. */
export class Cluster implements SandboxPostgres {
  readonly host = '127.0.0.1';
  readonly #parts: ClusterParts;
  readonly #query: Query;
  readonly #archive: WalArchive;
  readonly #disposal = new AbortController();
  readonly #disposed = new Promise<void>((resolve) => {
    this.#disposal.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  readonly #backups: BaseBackup[] = [];
  readonly #timelines: Timeline[] = [
    { id: 1, origin: undefined, liveFromMs: 0, archivedThroughMs: undefined },
  ];
  #server: ServerProcess;
  #restore: Promise<void> | undefined;
  #restoring = false;
  #restoreFailure: Error | undefined;
  #dataIsFailedAttempt = false;
  #access = { cidrs: unrestricted, sslEnforced: false };

  constructor(parts: ClusterParts) {
    this.#parts = parts;
    this.#server = parts.server;
    this.#query = superuserQuery(parts.port, parts.superuser);
    this.#archive = new WalArchive(parts.layout.archive, parts.runProgram, this.#disposal.signal);
  }

  get port(): number {
    return this.#parts.port;
  }

  get superuser(): Role {
    return this.#parts.superuser;
  }

  get dataFolder(): string {
    return this.#parts.layout.data;
  }

  get logFile(): string {
    return this.#parts.layout.log;
  }

  get archive(): WalArchive {
    return this.#archive;
  }

  connectionString({ name, password }: Role, database: string): string {
    const [user, secret, path] = [name, password, database].map(encodeURIComponent);
    return `postgresql://${user}:${secret}@${this.host}:${this.port}/${path}`;
  }

  status(): ClusterStatus {
    if (this.#restoring) return 'restoring';
    if (this.#restoreFailure !== undefined) return 'failed';
    return this.#server.running() ? 'running' : 'stopped';
  }

  restoreFailure(): Error | undefined {
    return this.#restoreFailure;
  }

  processId(): number | undefined {
    return this.#server.running() ? this.#server.pid : undefined;
  }

  timeline(): number {
    return this.#timelines.at(-1)?.id ?? 1;
  }

  async takeBaseBackup(): Promise<BaseBackup> {
    this.#require('running');
    const backup = { id: `base-${this.#backups.length + 1}`, timeline: this.timeline() };
    const taken = await takeBaseBackup(this.#parts.runProgram, this.#parts.layout, this.#parts, backup);
    this.#backups.push(taken);
    return taken;
  }

  baseBackups(): readonly BaseBackup[] {
    return [...this.#backups];
  }

  async archiveNow(): Promise<void> {
    this.#require('running');
    await this.#query('SELECT pg_current_xact_id()');
    // Less one byte: right after a switch by archive_timeout this is the start of a segment that nobody fills.
    const segment = await singleValue(this.#query, 'SELECT pg_walfile_name(pg_switch_wal() - 1)');
    await this.#archive.untilArchived(segment);
  }

  restoreWindow(): Promise<RestoreWindow | undefined> {
    return restoreWindow(this.#history());
  }

  async restoreTo(targetUnix: number): Promise<void> {
    if (this.#restore !== undefined) throw new ClusterBusy('Another restore is under way.');
    this.#restore = this.#restoreTo(targetUnix);
    try {
      await this.#restore;
    } finally {
      this.#restore = undefined;
    }
  }

  async keptFolders(): Promise<readonly string[]> {
    const { kept } = this.#parts.layout;
    return (await readdir(kept)).sort().map((name) => join(kept, name));
  }

  async discardKeptFolders(): Promise<void> {
    for (const folder of await this.keptFolders()) await rm(folder, { recursive: true, force: true });
  }

  async setNetworkRestrictions(cidrs: readonly string[]): Promise<void> {
    await this.#setAccess({ ...this.#access, cidrs: [...cidrs] });
  }

  networkRestrictions(): readonly string[] {
    return this.#access.cidrs;
  }

  async setSslEnforced(sslEnforced: boolean): Promise<void> {
    await this.#setAccess({ ...this.#access, sslEnforced });
  }

  sslEnforced(): boolean {
    return this.#access.sslEnforced;
  }

  async stop(mode: StopMode = 'fast'): Promise<void> {
    if (this.#restore !== undefined) throw new ClusterBusy('A restore is under way.');
    await this.#server.stop(mode);
  }

  async start(): Promise<void> {
    this.#require('stopped');
    this.#server = spawnServer(this.#parts.binFolder, this.#parts.layout, this.#parts.account);
    await this.#server.untilReady();
  }

  async dispose(): Promise<void> {
    this.#disposal.abort(new Error('The cluster was disposed of.'));
    await this.#server.stop('immediate');
    await this.#restore?.catch(() => undefined);
    await this.#server.stop('immediate');
    // A backend that is just ending may still write a last file.
    await rm(this.#parts.layout.root, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
    await this.#parts.watchdog.release();
  }

  async #setAccess(access: { cidrs: readonly string[]; sslEnforced: boolean }): Promise<void> {
    await writeAccessRules(this.#parts.layout.accessRules, accessRules(this.superuser.name, access));
    this.#access = access;
    if (this.status() === 'running') await reloadAccessRules(this.#server.pid, this.#query);
    else if (this.#server.running()) process.kill(this.#server.pid, 'SIGHUP');
  }

  async #restoreTo(targetUnix: number): Promise<void> {
    const plan = await planRestore(this.#history(), targetUnix, () => this.#archiveTail());
    this.#restoring = true;
    this.#restoreFailure = undefined;
    try {
      await this.#carryOut(plan);
    } catch (error) {
      this.#restoreFailure = error instanceof Error ? error : new Error(String(error));
      await this.#server.stop('immediate');
      throw error;
    } finally {
      this.#restoring = false;
    }
  }

  async #archiveTail(): Promise<boolean> {
    await this.#enter('archiving-tail');
    if (this.status() !== 'running') return false;
    return this.archiveNow().then(
      () => true,
      () => false,
    );
  }

  async #carryOut(plan: RecoveryPlan): Promise<void> {
    const { layout, runProgram, binFolder, account } = this.#parts;
    await this.#enter('stopping');
    await this.#closeTimeline(await this.#server.stop('fast'));
    await this.#enter('setting-aside');
    await this.#setDataFolderAside();
    await this.#enter('copying');
    await prepareRecovery(runProgram, layout, plan.backup);
    await this.#enter('recovering');
    const liveFromMs = Date.now();
    await recoverAndPromote(binFolder, layout, account, plan, (server) => {
      this.#server = server;
    });
    const file = await singleValue(this.#query, 'SELECT pg_walfile_name(pg_current_wal_insert_lsn())');
    const id = Number.parseInt(file.slice(0, 8), 16);
    await this.#archive.untilArchived(`${timelinePrefix(id)}.history`);
    const origin = { timeline: plan.timeline, targetUnix: plan.targetUnix };
    this.#timelines.push({ id, origin, liveFromMs, archivedThroughMs: undefined });
    this.#dataIsFailedAttempt = false;
  }

  /** Records how much of the live timeline the archive holds; a failed attempt before has done it already. */
  async #closeTimeline(endedInOrder: boolean): Promise<void> {
    const current = this.#timelines.at(-1);
    if (current === undefined || current.archivedThroughMs !== undefined) return;
    const statuses = await readdir(join(this.dataFolder, 'pg_wal', 'archive_status'));
    const complete = endedInOrder && !statuses.some((name) => name.endsWith('.ready'));
    const newest = (await this.#archive.newestCommitMicros(current.id)) ?? 0n;
    const archivedThroughMs = complete ? Number.POSITIVE_INFINITY : Number(newest / 1000n);
    this.#timelines.splice(-1, 1, { ...current, archivedThroughMs });
  }

  async #setDataFolderAside(): Promise<void> {
    const { data, kept } = this.#parts.layout;
    if (this.#dataIsFailedAttempt) {
      await rm(data, { recursive: true, force: true });
      return;
    }
    await mkdir(kept, { recursive: true });
    await rename(data, join(kept, `until-${Date.now()}-timeline-${this.timeline()}`));
    this.#dataIsFailedAttempt = true;
  }

  async #enter(phase: RestorePhase): Promise<void> {
    const { signal } = this.#disposal;
    if (!signal.aborted) await Promise.race([this.#parts.onRestorePhase(phase), this.#disposed]);
    signal.throwIfAborted();
  }

  #history(): RestoreHistory {
    return { backups: this.#backups, timelines: this.#timelines, archive: this.#archive };
  }

  #require(status: ClusterStatus): void {
    if (this.status() !== status) throw new ClusterBusy(`The cluster is ${this.status()}, not ${status}.`);
  }
}
