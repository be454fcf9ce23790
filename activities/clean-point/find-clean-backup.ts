import { Context } from '@temporalio/activity';
import type { CleanPoint, ExaminedBackup } from '../../workflows/contracts/clean-point.ts';
import type { Indicator } from '../../workflows/contracts/security.ts';
import { type Deadline, startDeadline } from '../backup/deadline.ts';
import { DrError } from '../errors.ts';
import type { Database, ScratchServer, ScratchServers } from '../ports.ts';
import { chooseBackup } from '../restore-into/choose-backup.ts';
import { restoreExport } from '../restore-into/restore-export.ts';
import { withTestDatabase } from '../restore-test/test-database.ts';
import { runIndicators } from '../security/run-indicators.ts';
import { exportKinds } from '../vault/backup-name.ts';
import type { VaultReading } from '../vault/dependencies.ts';
import { listBackups } from '../vault/list-backups.ts';
import { lastWithout } from './last-without.ts';

/** What looking through backups needs. */
export interface CleanPointDependencies extends VaultReading {
  readonly servers: ScratchServers;
  /** Opens a database by its connection string, which is a secret. */
  readonly openDatabase: (connectionString: string) => Database;
}

/** What to look for, and where. */
export interface CleanBackupQuestion {
  readonly indicators: readonly Indicator[];
  /** RFC 3339, UTC: begin of the span that the indicators look at. */
  readonly since: string;
  /** RFC 3339, UTC: later backups are not looked at. */
  readonly until: string;
  /** Longest time for all of it, in ms. */
  readonly maxDurationMs: number;
}

const heartbeatEveryMs = 1_000;

/**
 * Restores backups into a scratch server, one after the other, and runs the indicators in each, until it is known which
 * is the last without traces. Halves the list each time: traces are taken to stay once they are there. Production is not
 * touched. Safe to repeat.
 *
 * @throws DrError `backup-invalid` (not retried) when there is no backup to look through, `restore-test-failed` when it
 *   took too long; what stores and servers throw
 */
export async function findCleanBackup(
  deps: CleanPointDependencies,
  question: CleanBackupQuestion,
): Promise<CleanPoint> {
  const context = Context.current();
  let doing = 'listing backups';
  const heartbeats = setInterval(() => context.heartbeat(doing), heartbeatEveryMs);
  const deadline = startDeadline(question.maxDurationMs, () => tooSlow(question, doing), context.cancelled);
  try {
    const keys = await backupsOldestFirst(deps, question.until);
    const server = await deps.servers.open();
    try {
      const examined: ExaminedBackup[] = [];
      const look = async (key: string) => {
        doing = `looking through ${key}`;
        const found = await deadline.within(examine(deps, { key, question, server, deadline }));
        examined.push(found);
        return found.findings.some(({ rows }) => rows !== 0);
      };
      const last = await lastWithout(keys, look);
      const named = (key: string | undefined) => examined.find((entry) => entry.key === key) ?? null;
      return {
        clean: named(last.without),
        firstTraced: named(last.firstWith),
        examined: examined.length,
        available: keys.length,
      };
    } finally {
      await server.close();
    }
  } finally {
    clearInterval(heartbeats);
    deadline.clear();
  }
}

/** Of every location, so that one that is gone does not end the search. */
async function backupsOldestFirst({ locations }: VaultReading, until: string): Promise<string[]> {
  const found = new Map<string, number>();
  const reasons: string[] = [];
  for (const { name, store } of locations) {
    try {
      for (const { key, at } of await listBackups(store, exportKinds)) found.set(key, Date.parse(at));
    } catch (error) {
      if (!(error instanceof DrError)) throw error;
      reasons.push(`${name}: ${error.explanation.happened}`);
    }
  }
  const keys = [...found]
    .filter(([, at]) => at <= Date.parse(until))
    .sort(([, a], [, b]) => a - b)
    .map(([key]) => key);
  if (keys.length > 0) return keys;
  throw new DrError('backup-invalid', {
    happened: `There is no backup from before ${until} to look through. ${reasons.join('; ')}`.trim(),
    meaning: 'The last clean moment cannot be found by evidence.',
    next: 'Replan with a moment of your own choice (--just-before the first suspicious event), or abort.',
  });
}

async function examine(
  deps: CleanPointDependencies,
  look: {
    readonly key: string;
    readonly question: CleanBackupQuestion;
    readonly server: ScratchServer;
    readonly deadline: Deadline;
  },
): Promise<ExaminedBackup> {
  const { key, question, server, deadline } = look;
  const work = { signal: deadline.signal, progress: () => undefined };
  return deps.openDatabase(server.connectionString()).session((session) =>
    withTestDatabase(session, async (name) => {
      const backup = await chooseBackup(deps, { kind: 'named', name: key }, work);
      try {
        const database = deps.openDatabase(server.connectionString(name));
        await restoreExport(database, backup, {
          schemaElsewhere: () => Promise.reject(noSchema(key)),
          makeRoles: server.disposable,
          wholeOrNothing: false,
          within: (loading) => deadline.within(loading),
          progress: () => undefined,
        });
        const { indicators, since } = question;
        const findings = await runIndicators(database, { indicators, since });
        return { key, location: backup.location, snapshotAt: backup.snapshotAt, findings };
      } finally {
        backup.body.destroy();
      }
    }),
  );
}

function noSchema(key: string): DrError {
  return new DrError('backup-invalid', {
    happened: `The backup "${key}" holds no schema.`,
    meaning: 'It cannot be looked through by itself.',
    next: 'Replan with a moment of your own choice, or abort.',
  });
}

function tooSlow({ maxDurationMs }: CleanBackupQuestion, doing: string): DrError {
  return new DrError('restore-test-failed', {
    happened: `Looking through the backups took longer than ${maxDurationMs} ms (${doing}).`,
    meaning: 'The last clean moment is not known.',
    next: 'Raise the limit in the policy and retry, or replan with a moment of your own choice.',
  });
}
