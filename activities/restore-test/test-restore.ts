import { Context } from '@temporalio/activity';
import type { OperationCheck } from '../../workflows/contracts/operations.ts';
import { type Deadline, startDeadline } from '../backup/deadline.ts';
import { DrError } from '../errors.ts';
import type { Database, SchemaDumper, ScratchServer, ScratchServers } from '../ports.ts';
import type { BackupSource, OpenedBackup } from '../restore-into/backup-source.ts';
import { type RestoreOptions, restoreExport } from '../restore-into/restore-export.ts';
import { checkRestored, type RestoredExpectation } from './check-restored.ts';
import { refuseProduction } from './production-guard.ts';
import { withTestDatabase } from './test-database.ts';

/** What a restore test is made of. */
export interface RestoreTestDependencies {
  /** Backups by the name of their location. Throws `input-invalid` for one that there is not. */
  readonly sourceAt: (location: string) => BackupSource;
  readonly servers: ScratchServers;
  /** Opens a database by its connection string, which is a secret. */
  readonly openDatabase: (connectionString: string) => Database;
  /** Production, as the operator reaches it: asked who it is, so that nothing is restored into it. */
  readonly production: Database;
  /** Production's schema, for a backup that holds none. */
  readonly productionSchema: SchemaDumper;
}

/** What to test, and how long it may take. */
export interface RestoreTestInput extends RestoredExpectation {
  readonly environment: string;
  /** Where the backup is fetched from. */
  readonly location: string;
  /** Longest time for all of it, in ms. */
  readonly maxDurationMs: number;
}

/** What a restore test found. Holds no secret and no row. */
export interface RestoreTest {
  readonly environment: string;
  /** Where the backup came from. */
  readonly location: string;
  /** The database that was made for the test and dropped after it. */
  readonly database: string;
  readonly backupKey: string;
  /** RFC 3339, UTC: the moment that the backup shows. */
  readonly snapshotAt: string;
  /** RFC 3339, UTC. */
  readonly startedAt: string;
  /** Of all of it, in ms. */
  readonly durationMs: number;
  /** From fetching the backup until the restored database could be used, in ms; null when it could not be restored. */
  readonly restoreMs: number | null;
  readonly checks: readonly OperationCheck[];
  readonly passed: boolean;
}

/** What says something about the backup, and not about the test. */
const saysBackupIsBad = new Set(['verification-failed', 'database-query-failed', 'input-invalid']);

const heartbeatEveryMs = 1_000;

/**
 * Restores the newest backup into a database of its own, on a server that is not production's, and looks whether it is
 * whole. The database is dropped in every outcome, also by the next test when this process is killed. Heartbeats every
 * second with what it is at; stops when it is cancelled. Failed checks are results.
 *
 * @throws DrError `restore-test-failed` when it could not be carried out, `backup-invalid` when there is no backup that
 *   can be used (neither retried); what server, store and databases throw
 */
export async function testRestore(
  deps: RestoreTestDependencies,
  input: RestoreTestInput,
): Promise<RestoreTest> {
  const context = Context.current();
  let doing = 'starting a server';
  const progress = (at: string) => {
    doing = at;
  };
  const heartbeats = setInterval(() => context.heartbeat(doing), heartbeatEveryMs);
  const deadline = startDeadline(input.maxDurationMs, () => tooSlow(input, doing), context.cancelled);
  try {
    const server = await deps.servers.open();
    try {
      deadline.signal.throwIfAborted();
      return await deps.openDatabase(server.connectionString()).session(async (session) => {
        await refuseProduction(session, { production: deps.production, disposable: server.disposable });
        return await withTestDatabase(session, (name) =>
          deadline.within(testInto(deps, input, { server, name, deadline, progress })),
        );
      });
    } finally {
      await server.close();
    }
  } finally {
    clearInterval(heartbeats);
    deadline.clear();
  }
}

/** Where a test is at work. */
interface Place {
  readonly server: ScratchServer;
  /** Of the database. */
  readonly name: string;
  readonly deadline: Deadline;
  readonly progress: (doing: string) => void;
}

async function testInto(
  deps: RestoreTestDependencies,
  input: RestoreTestInput,
  { server, name, deadline, progress }: Place,
): Promise<RestoreTest> {
  const startedAt = new Date().toISOString();
  const began = performance.now();
  const { signal } = deadline;
  const database = deps.openDatabase(server.connectionString(name));
  progress('fetching the newest backup');
  const backup = await deps.sourceAt(input.location).openNewest({ signal, progress });
  const giveUp = () => backup.body.destroy();
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    signal.throwIfAborted();
    const options: RestoreOptions = {
      schemaElsewhere: () => deps.productionSchema.dump({ schemas: input.schemas, signal }),
      makeRoles: server.disposable,
      wholeOrNothing: false,
      within: (work) => deadline.within(work),
      progress,
    };
    let restoreMs: number | null = null;
    const checks = [newestIsWhole(backup)];
    try {
      const restored = await restoreExport(database, backup, options);
      restoreMs = Math.round(performance.now() - began);
      checks.push(...restored.checks);
      checks.push(...(await checkRestored(database, backup.tables, restored, input, progress)));
    } catch (error) {
      if (!(error instanceof DrError) || !saysBackupIsBad.has(error.type)) throw error;
      checks.push({
        name: 'backup restored',
        passed: false,
        found: error.explanation.happened,
        expected: 'every row is loaded and can be read',
      });
    }
    return {
      environment: input.environment,
      location: input.location,
      database: name,
      backupKey: backup.key,
      snapshotAt: backup.snapshotAt,
      startedAt,
      durationMs: Math.round(performance.now() - began),
      restoreMs,
      checks,
      passed: checks.every(({ passed }) => passed),
    };
  } finally {
    signal.removeEventListener('abort', giveUp);
    giveUp();
  }
}

function newestIsWhole({ key, passedOver }: OpenedBackup): OperationCheck {
  const [first] = passedOver;
  return {
    name: 'newest backup',
    passed: first === undefined,
    found:
      first === undefined
        ? `${key} is whole`
        : `${passedOver.length} newer than ${key} cannot be used; ${first.key}: ${first.reason}`,
    expected: 'the newest backup is whole',
  };
}

function tooSlow({ maxDurationMs }: RestoreTestInput, doing: string): DrError {
  return new DrError('restore-test-failed', {
    happened: `The restore test took longer than ${maxDurationMs} ms (${doing}).`,
    meaning: 'The restore test was not carried out to its end: it says nothing about the backup.',
    next: 'Raise the limit in the policy, or look for what holds the test server up; then run the test again.',
  });
}
