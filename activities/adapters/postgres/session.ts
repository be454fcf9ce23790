import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { DatabaseSession } from '../../ports.ts';
import { CopyOut } from './copy-out.ts';
import { toDrError } from './failures.ts';

/** Bytes of rows on their way to the server at once. */
const copyInHighWaterMark = 1024 * 1024;

/**
 * Makes a {@link DatabaseSession} of an open connection. Failures of all methods are `database-unreachable`
 * (retried) or `database-query-failed` (not retried); a stream is destroyed with the same.
 */
export function createSession(client: pg.Client): DatabaseSession {
  return {
    query: async (sql, parameters = []) => {
      try {
        const { rows, rowCount } = await client.query<Record<string, unknown>>(sql, [...parameters]);
        return { rows, rowCount: rowCount ?? 0 };
      } catch (error) {
        throw toDrError(error, parameters);
      }
    },
    copyOut: async (copySql, sink) => {
      const copy = new CopyOut(copySql, sink);
      client.query(copy);
      await copy.done;
    },
    copyIn: async (copySql, rows) => {
      let sourceFailure: { readonly error: unknown } | undefined;
      async function* watched() {
        try {
          yield* rows;
        } catch (error) {
          sourceFailure = { error };
          throw error;
        }
      }
      const copy = client.query(copyFrom(copySql, { highWaterMark: copyInHighWaterMark }));
      try {
        await pipeline(Readable.from(watched(), { objectMode: true, highWaterMark: 2 }), copy);
      } catch (error) {
        if (sourceFailure !== undefined) throw sourceFailure.error;
        throw toDrError(error);
      }
    },
  };
}
