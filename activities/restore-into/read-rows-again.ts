import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { exportDatabase } from '../backup/export-database.ts';
import type { Database } from '../ports.ts';
import { digestingRows } from './row-digests.ts';
import type { RowDigest, RowDigests } from './row-sum.ts';

/**
 * Reads every row of schemas as an export does, and digests it.
 *
 * @throws DrError `database-unreachable` (retried), `database-query-failed`, `input-invalid` for a schema that is not there
 */
export async function readRowsAgain(database: Database, schemas: readonly string[]): Promise<RowDigests> {
  const digests = new Map<string, RowDigest>();
  await database.session(async (session) => {
    const { body } = exportDatabase({ session, schemas });
    const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
    await pipeline(digestingRows(body, digests), nowhere);
  });
  return digests;
}
