import { DrError } from '../errors.ts';
import type { Database, DatabaseSession } from '../ports.ts';
import type { BlockPool } from './block-pool.ts';
import { RowEncoder } from './encode-rows.ts';
import { OrderedOutput } from './ordered-output.ts';
import { joinSnapshot, lockTables, type Snapshot } from './snapshot.ts';
import type { TablePiece } from './table-pieces.ts';
import { Utf8Check } from './utf8-check.ts';

/** Sessions that read beside the one which holds the snapshot. */
export interface Helpers {
  readonly database: Database;
  readonly sessions: number;
}

/** Pieces under way. */
export interface PiecesUnderWay {
  /** The rows of one piece as JSON; to be read in order. */
  rows(index: number): AsyncIterable<Buffer>;
  /** How many rows a piece had, once it was read. */
  rowCount(index: number): number;
  /** Resolves when every session has ended; rejects with what went wrong first. */
  readonly done: Promise<void>;
  /** Gives up what is under way. */
  cancel(reason: unknown): void;
}

/** Reads pieces with several sessions at once, each taking the next one that nobody has. */
export function readPieces(
  session: DatabaseSession,
  snapshot: Snapshot,
  pieces: readonly TablePiece[],
  pool: BlockPool,
  helpers: Helpers | undefined,
): PiecesUnderWay {
  const output = new OrderedOutput();
  const counts: number[] = [];
  let next = 0;

  const work = async (own: DatabaseSession) => {
    for (let index = next++; index < pieces.length; index = next++) {
      const piece = pieces[index];
      if (piece === undefined) return;
      counts[index] = await readPiece(own, piece, pool, (chunk) => output.write(index, chunk));
      output.end(index);
    }
  };
  const help = async ({ database }: Helpers) => {
    let joined = false;
    try {
      await database.session(async (own) => {
        await joinSnapshot(own, snapshot);
        // Not to wait here: whoever waits to alter a table waits for the first session, which waits for this one.
        await own.query(
          lockTables(
            pieces.map(({ table }) => table),
            'NOWAIT',
          ),
        );
        joined = true;
        await work(own);
        await own.query('COMMIT');
      });
    } catch (error) {
      // One that could not join has taken no piece: the first session reads them all.
      if (joined) throw error;
    }
  };
  const wantedHelpers = helpers === undefined ? 0 : Math.min(helpers.sessions, pieces.length - 1);
  const workers = [
    work(session),
    ...Array.from({ length: Math.max(0, wantedHelpers) }, () =>
      helpers === undefined ? undefined : help(helpers),
    ),
  ];
  for (const worker of workers) worker?.catch((error: unknown) => output.fail(error));
  const done = settle(workers);
  done.catch(() => undefined);
  return {
    rows: (index) => output.read(index),
    rowCount: (index) => counts[index] ?? 0,
    done,
    cancel: (reason) => output.fail(reason),
  };
}

/** Waits for all, so that none is left behind, and throws what went wrong first. */
async function settle(workers: readonly (Promise<void> | undefined)[]): Promise<void> {
  const first: { readonly error: unknown }[] = [];
  await Promise.all(workers.map((worker) => worker?.catch((error: unknown) => first.push({ error }))));
  if (first[0] !== undefined) throw first[0].error;
}

async function readPiece(
  session: DatabaseSession,
  { table, copySql }: TablePiece,
  pool: BlockPool,
  write: (chunk: Buffer) => Promise<void> | undefined,
): Promise<number> {
  const failure = (what: string) =>
    new DrError('database-query-failed', {
      happened: `What the database sent of the table ${table.schema}.${table.name} ${what}.`,
      meaning: 'The table cannot be copied exactly, so there is no copy.',
      next: 'Check the encoding of the database; it must be UTF-8.',
    });
  const utf8 = new Utf8Check();
  const checked = (block: Buffer) => {
    if (!utf8.accepts(block)) throw failure('holds bytes that are not UTF-8');
    return write(block);
  };
  const encoder = new RowEncoder(pool, checked, failure);
  await session.copyOut(copySql, encoder);
  await checked(encoder.end());
  if (!utf8.complete) throw failure('holds bytes that are not UTF-8');
  return encoder.rows;
}
