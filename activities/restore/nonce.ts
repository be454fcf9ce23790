import { z } from 'zod';
import { DrError } from '../errors.ts';
import type { Database, DatabaseSession } from '../ports.ts';

/*
 * The schema is the recovery's own. It is made before the restore and may be rewound with everything else, so its
 * absence says the same as the row's.
 */
const prepareSql = [
  'CREATE SCHEMA IF NOT EXISTS dr',
  `CREATE TABLE IF NOT EXISTS dr.restore_nonce (
    nonce text PRIMARY KEY, armed_at timestamptz NOT NULL DEFAULT clock_timestamp())`,
];

const armed = z.tuple([z.object({ armed_at: z.string(), after_target: z.boolean() })]);
const tableExists = z.tuple([z.object({ exists: z.boolean() })]);

/** Makes the schema and the table of nonces where they are missing. */
export async function prepareNonces(session: DatabaseSession): Promise<void> {
  for (const sql of prepareSql) await session.query(sql);
}

/**
 * Commits the row that a restore to the target makes disappear. The same nonce again changes nothing.
 *
 * @returns when it was written, RFC 3339 UTC with µs, and whether that is later than the target
 */
export async function writeNonce(
  session: DatabaseSession,
  nonce: string,
  targetUnix: number,
): Promise<{ readonly armedAt: string; readonly afterTarget: boolean }> {
  await session.query('INSERT INTO dr.restore_nonce (nonce) VALUES ($1) ON CONFLICT (nonce) DO NOTHING', [
    nonce,
  ]);
  const { rows } = await session.query(
    `SELECT to_char(armed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS armed_at,
      armed_at > to_timestamp($2::bigint) AS after_target
    FROM dr.restore_nonce WHERE nonce = $1`,
    [nonce, targetUnix],
  );
  const [row] = armed.parse(rows);
  return { armedAt: row.armed_at, afterTarget: row.after_target };
}

/** What the database says about a nonce; `unreadable` proves nothing and carries why. */
export type NonceState =
  | { readonly kind: 'present' }
  | { readonly kind: 'gone' }
  | { readonly kind: 'unreadable'; readonly error: DrError };

/** Looks for a nonce. Never throws for a database that cannot be read. */
export async function readNonce(database: Database, nonce: string): Promise<NonceState> {
  try {
    return await database.session(async (session) => {
      const { rows } = await session.query(`SELECT to_regclass('dr.restore_nonce') IS NOT NULL AS exists`);
      if (!tableExists.parse(rows)[0].exists) return { kind: 'gone' };
      const found = await session.query('SELECT 1 FROM dr.restore_nonce WHERE nonce = $1', [nonce]);
      return { kind: found.rowCount > 0 ? 'present' : 'gone' };
    });
  } catch (error) {
    if (error instanceof DrError) return { kind: 'unreadable', error };
    throw error;
  }
}
