import { z } from 'zod';
import { readRow } from '../database/rows.ts';
import { DrError } from '../errors.ts';
import type { Database, DatabaseSession } from '../ports.ts';
import { systemIdentifier } from './system-identifier.ts';

/** Production, as the operator reaches it. */
export interface Production {
  readonly database: Database;
  /** A secret: only compared. */
  readonly connectionString: string;
}

/** A database that is to be restored into. */
export interface Candidate {
  /** On its server; the connection is to any of its databases. */
  readonly session: DatabaseSession;
  /** A secret: only compared. */
  readonly connectionString: string;
  readonly database: string;
}

const databaseName = z.object({ name: z.string() });

/**
 * Refuses production's own database, by whatever name or pooler it is reached. Where production does not answer, as after
 * a complete failure, it is told apart by its address.
 *
 * @returns how it is known to be another, in words
 * @throws DrError `input-invalid` (not retried) where it is production, a copy of its files, or cannot be told from it
 */
export async function refuseProduction(candidate: Candidate, production: Production): Promise<string> {
  const here = await systemIdentifier(candidate.session).catch(asUnknown);
  const there = await production.database
    .session(async (session) => ({
      id: await systemIdentifier(session),
      name: await currentDatabase(session),
    }))
    .catch((error: unknown) => (isUnreachable(error) ? null : asUnknown(error)));
  if (there === null) return byAddress(candidate, production);
  if (here !== there.id) return 'another server than production’s';
  if (candidate.database !== there.name) return `another database than production’s, on the same server`;
  throw refusal('The database to restore into is production itself, or a copy of its files.');
}

/** Reads the name by which the server itself knows the database of a session. */
export async function currentDatabase(session: DatabaseSession): Promise<string> {
  return (await readRow(session, databaseName, 'SELECT current_database() AS name')).name;
}

function byAddress({ connectionString, database }: Candidate, production: Production): string {
  const [here, there] = [new URL(connectionString), new URL(production.connectionString)];
  const samePlace = here.host === there.host && database === decodeURIComponent(there.pathname.slice(1));
  // A pooler of Supabase tells projects by the user, as in `postgres.abcdefghijklmnopqrst`.
  const refs = [here, there].map(
    (url) => /(?:^|\.)([a-z]{20})(?:\.|$)/.exec(`${url.hostname} ${url.username}`.replace(' ', '.'))?.[1],
  );
  const sameProject = refs[0] !== undefined && refs[0] === refs[1];
  if (samePlace || sameProject) {
    throw refusal('The database to restore into has the address of production, which does not answer.');
  }
  return 'another address than production’s, which does not answer';
}

function isUnreachable(error: unknown): boolean {
  return error instanceof DrError && error.type === 'database-unreachable';
}

function asUnknown(error: unknown): never {
  if (!(error instanceof DrError) || error.type !== 'database-query-failed') throw error;
  throw refusal('Whether the database to restore into is production could not be found out.');
}

function refusal(happened: string): DrError {
  return new DrError('input-invalid', {
    happened,
    meaning: 'Nothing was restored or changed.',
    next: 'Name another database. Production itself is restored by a recovery: npx dr start.',
  });
}
