import { Context } from '@temporalio/activity';
import type { RestoredInto } from '../../workflows/contracts/backups.ts';
import type { OperationCheck } from '../../workflows/contracts/operations.ts';
import type { Deadline } from '../backup/deadline.ts';
import { checkForeignKeys } from '../database/foreign-keys.ts';
import { inSnapshot } from '../database/snapshot.ts';
import { DrError } from '../errors.ts';
import type { Database, PostgresPrograms } from '../ports.ts';
import type { VaultReading } from '../vault/dependencies.ts';
import type { VaultWork } from '../vault/location.ts';
import type { ChosenBackup } from './choose-backup.ts';
import { compareContents } from './compare-contents.ts';
import { readRowsAgain } from './read-rows-again.ts';
import type { Production } from './refuse-production.ts';
import { readDumpAgain, restoreDump } from './restore-dump.ts';
import { type RestoredBackup, restoreExport } from './restore-export.ts';
import type { RowDigests } from './row-sum.ts';
import { type Outcome, withDatabase } from './target-database.ts';
import { holdsRows, lookAtTables, whatToLoad } from './target-tables.ts';

/** What restoring into a chosen database needs. */
export interface RestoreIntoDependencies extends VaultReading {
  readonly programs: Pick<PostgresPrograms, 'dumpSql' | 'runSql'>;
  /** Opens a database by its connection string, which is a secret. */
  readonly openDatabase: (connectionString: string) => Database;
  readonly production: Production;
  /** Connection strings by the name of their variable; undefined where it is not set. Secrets. */
  readonly targets: Readonly<Record<string, string | undefined>>;
}

/** Where a restore goes. */
export interface Place {
  /** Of the variable; a secret. */
  readonly connectionString: string;
  readonly name: string;
  /** Whether a database of this name may be made. */
  readonly makes: boolean;
  /** How it is known not to be production. */
  readonly notProduction: string;
}

/** One restore under way. */
export interface UnderWay {
  readonly backup: ChosenBackup;
  readonly place: Place;
  readonly deadline: Deadline;
  readonly work: VaultWork;
  readonly began: number;
}

/** Brings one backup that is open into one database, see `restoreBackupInto`. */
export class Restore {
  readonly #deps: RestoreIntoDependencies;
  readonly #underWay: UnderWay;
  readonly #schemas: readonly string[];

  constructor(deps: RestoreIntoDependencies, underWay: UnderWay) {
    this.#deps = deps;
    this.#underWay = underWay;
    this.#schemas = [...new Set(underWay.backup.tables.map(({ schema }) => schema))];
  }

  /** Does it, once. Throws as `restoreBackupInto` does. */
  async run(): Promise<RestoredInto> {
    const { connectionString, name, makes } = this.#underWay.place;
    if (!makes) return (await this.#into(connectionString, false)).result;
    const server = { openDatabase: this.#deps.openDatabase, connectionString };
    return withDatabase(server, name, (target) => this.#into(target.connectionString, target.created));
  }

  async #into(connectionString: string, created: boolean): Promise<Outcome<RestoredInto>> {
    const { backup, place, began } = this.#underWay;
    const database = this.#deps.openDatabase(connectionString);
    const found = await database.session((session) => lookAtTables(session, this.#schemas));
    // An earlier attempt may have ended between its commit and its answer.
    const perhapsDone = found.filled.length > 0 && Context.current().info.attempt > 1;
    if (found.filled.length > 0 && !perhapsDone) throw holdsRows(place.name, found.filled);
    const wanted = backup.tables.map(({ schema, name }) => `${schema}.${name}`);
    const load = perhapsDone
      ? 'nothing'
      : whatToLoad(found, wanted, { format: backup.format, database: place.name });
    const restored = await this.#load(database, connectionString, load);
    const restoreMs = Math.round(performance.now() - began);
    const checks = [
      ...this.#beforehand(),
      ...restored.checks,
      ...(await this.#check(database, connectionString, restored)),
    ];
    const whole = checks.every(({ passed, advisory }) => passed || advisory === true);
    if (perhapsDone && !whole) throw holdsRows(place.name, found.filled);
    return {
      keep: whole,
      result: {
        backupKey: backup.key,
        location: backup.location,
        snapshotAt: backup.snapshotAt,
        rows: backup.tables.reduce((sum, { rows }) => sum + rows, 0),
        database: place.name,
        created,
        restoreMs,
        checks: whole || !created ? checks : [...checks, droppedAgain(place.name)],
      },
    };
  }

  async #load(
    database: Database,
    connectionString: string,
    load: 'schema-and-rows' | 'rows' | 'nothing',
  ): Promise<RestoredBackup> {
    const { backup, deadline, work } = this.#underWay;
    const progress = (doing: string) => work.progress(doing, 0);
    const { programs } = this.#deps;
    if (backup.format === 'sql') {
      const how = load === 'nothing' ? 'nothing' : 'schema-and-rows';
      return restoreDump(backup, { programs, connectionString, load: how, signal: work.signal, progress });
    }
    return deadline.within(
      restoreExport(database, backup, {
        load,
        schemaElsewhere: async () => Promise.reject(noSchema(backup.key)),
        makeRoles: false,
        wholeOrNothing: true,
        within: (loading) => deadline.within(loading),
        progress,
      }),
    );
  }

  #beforehand(): readonly OperationCheck[] {
    const { backup, place } = this.#underWay;
    const [first] = backup.passedOver;
    return [
      { name: 'not production', passed: true, found: place.notProduction, expected: 'another database' },
      {
        name: 'every copy is whole',
        passed: first === undefined,
        advisory: true,
        found: first === undefined ? `${backup.key} at ${backup.location}` : `${first.key} ${first.reason}`,
        expected: 'the first copy can be used',
      },
    ];
  }

  async #check(
    database: Database,
    connectionString: string,
    { read, readRows }: RestoredBackup,
  ): Promise<readonly OperationCheck[]> {
    const { backup, deadline, work } = this.#underWay;
    if (this.#schemas.length === 0) return [];
    work.progress('reading every row again', 0);
    const { programs } = this.#deps;
    const again = { programs, connectionString, schemas: this.#schemas, signal: work.signal };
    const reading: Promise<RowDigests> =
      backup.format === 'sql' ? readDumpAgain(again) : readRowsAgain(database, this.#schemas);
    const restored = await deadline.within(reading);
    const contents = compareContents({
      promised: backup.tables,
      read,
      readRows,
      restored,
      othersAllowed: true,
    });
    const keys = database.session((session) =>
      deadline.within(inSnapshot(session, () => checkForeignKeys(session, this.#schemas))),
    );
    return [...contents, ...(await keys)];
  }
}

function droppedAgain(database: string): OperationCheck {
  return {
    name: `database ${database}`,
    passed: false,
    found: 'dropped again',
    expected: 'kept, when it holds what the backup holds',
  };
}

function noSchema(key: string): DrError {
  return new DrError('input-invalid', {
    happened: `The backup "${key}" holds no schema, and the database has none of its tables.`,
    meaning: 'Nothing was restored or changed.',
    next: 'Make the tables first, by the application’s migrations, or choose another backup.',
  });
}
