import { pipeline, Writable } from 'node:stream';
import { pipeline as pipelineDone } from 'node:stream/promises';
import type { OperationCheck } from '../../workflows/contracts/operations.ts';
import { dumpDamaged } from '../backup/dump-damaged.ts';
import { DumpReader } from '../backup/dump-reader.ts';
import type { PostgresPrograms } from '../ports.ts';
import type { BackedUpTable, OpenedBackup } from './backup-source.ts';
import type { RestoredBackup } from './restore-export.ts';
import { type RowDigest, type RowDigests, RowSum } from './row-sum.ts';

/** How a dump is restored. */
export interface DumpRestoreOptions {
  readonly programs: Pick<PostgresPrograms, 'dumpSql' | 'runSql'>;
  /** A secret. */
  readonly connectionString: string;
  /** `nothing`, because an earlier try was seen to have loaded it. */
  readonly load: 'schema-and-rows' | 'nothing';
  readonly signal: AbortSignal;
  readonly progress: (doing: string) => void;
}

/**
 * Restores a SQL dump by `psql` in one transaction, which is committed only when all of the dump has passed and holds what
 * its manifest says.
 *
 * @throws DrError `verification-failed`, `database-query-failed`, `database-unreachable` (retried); nothing was changed then
 */
export async function restoreDump(
  { body, tables }: Pick<OpenedBackup, 'body' | 'tables'>,
  { programs, connectionString, load, signal, progress }: DumpRestoreOptions,
): Promise<RestoredBackup> {
  const sums = new RowSums();
  const reader = new DumpReader((table, row) => sums.add(table, row));
  const passing = pipeline(body, reader, () => undefined);
  async function* proved(): AsyncGenerator<Buffer, void, undefined> {
    for await (const chunk of passing) {
      progress(`loading, ${reader.bytes} bytes`);
      yield Buffer.from(chunk);
    }
    requirePromised(reader, tables);
  }
  const warnings =
    load === 'nothing'
      ? await readThrough(proved())
      : await programs.runSql({ connectionString, script: proved(), signal });
  return {
    read: reader.tables,
    readRows: sums.digests(reader),
    checks: load === 'nothing' ? [] : [schemaRestored(warnings)],
  };
}

/**
 * Reads every row of schemas as a dump does, and digests it.
 *
 * @throws DrError `database-unreachable` (retried), `database-query-failed`
 */
export async function readDumpAgain({
  programs,
  ...selection
}: {
  readonly programs: Pick<PostgresPrograms, 'dumpSql'>;
  readonly connectionString: string;
  readonly schemas: readonly string[];
  readonly signal: AbortSignal;
}): Promise<RowDigests> {
  const sums = new RowSums();
  const reader = new DumpReader((table, row) => sums.add(table, row));
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  await pipelineDone(await programs.dumpSql({ ...selection, rowsOnly: true }), reader, nowhere);
  return sums.digests(reader);
}

/** Sums of rows by table. */
class RowSums {
  readonly #sums = new Map<string, RowSum>();

  add(table: string, row: Buffer): void {
    const sum = this.#sums.get(table) ?? new RowSum();
    this.#sums.set(table, sum);
    sum.add(row);
  }

  /** One for each table that was read, those without rows included. */
  digests({ tables }: DumpReader): RowDigests {
    return new Map<string, RowDigest>(
      tables.map(({ schema, name }) => {
        const table = `${schema}.${name}`;
        return [table, (this.#sums.get(table) ?? new RowSum()).digest()];
      }),
    );
  }
}

async function readThrough(stream: AsyncIterable<Buffer>): Promise<readonly string[]> {
  for await (const _ of stream);
  return [];
}

function requirePromised({ complete, tables }: DumpReader, promised: readonly BackedUpTable[]): void {
  if (!complete) throw dumpDamaged('has no end');
  const text = (list: readonly BackedUpTable[]) =>
    JSON.stringify(list.map(({ schema, name, rows, fingerprint }) => [schema, name, rows, fingerprint]));
  if (text(tables) !== text(promised)) throw dumpDamaged('holds other rows than its manifest says');
}

function schemaRestored(warnings: readonly string[]): OperationCheck {
  const leftOut = warnings.flatMap((warning) => /^left out: (.*)/.exec(warning)?.[1] ?? []);
  return {
    name: 'schema restored',
    passed: true,
    found: [
      'every object was made',
      ...(leftOut.length === 0 ? [] : [`left out on this server: ${leftOut.join('; ')}`]),
    ].join('. '),
    expected: 'every object was made',
  };
}
