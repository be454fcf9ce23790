import { PassThrough, pipeline, type Readable } from 'node:stream';
import type pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import type { DatabaseSession } from '../../ports.ts';
import { toDrError } from './failures.ts';

function copyOut(client: pg.Client, copySql: string): Readable {
  const rows = client.query(copyTo(copySql));
  const out = new PassThrough();
  rows.on('error', (error) => out.destroy(toDrError(error)));
  pipeline(rows, out, () => {});
  return out;
}

/**
 * Makes a {@link DatabaseSession} of an open connection. Failures of both methods are `database-unreachable`
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
    copyOut: (copySql) => copyOut(client, copySql),
  };
}
