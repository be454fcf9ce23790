import { createHash } from 'node:crypto';
import type { BreachEvidence } from '../../workflows/contracts/security.ts';
import { heartbeat } from '../database/heartbeat.ts';
import { DrError } from '../errors.ts';
import type { SecurityDependencies } from './dependencies.ts';
import {
  isFailedLogin,
  loginsAmong,
  type QueryRunner,
  readEvidenceGrants,
  readRoles,
  readSessions,
} from './evidence-parts.ts';
import { notableFacts } from './notable-facts.ts';

/** What evidence is wanted. */
export interface EvidenceRequest {
  /** Names the evidence; the same name replaces it. */
  readonly id: string;
  readonly schemas: readonly string[];
  /** RFC 3339, UTC: how far back the log is read. */
  readonly since: string;
}

/** Sessions end and logs roll on: what does not answer by then is noted as missing, in ms. */
const limitMs = 10_000;
/** After that long without a connection the provider's API is asked instead, in ms. */
const connectionLimitMs = 4_000;
const mostLogLines = 5_000;

type Read<T> = { readonly value: T } | { readonly failure: string };

async function within<T>(work: Promise<T>, ms = limitMs): Promise<Read<T>> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Read<T>>((resolve) => {
    timer = setTimeout(() => resolve({ failure: `no answer within ${ms / 1000} s` }), ms);
  });
  const read = work.then(
    (value): Read<T> => ({ value }),
    (error: unknown): Read<T> => {
      if (error instanceof DrError) return { failure: error.explanation.happened };
      throw error;
    },
  );
  try {
    return await Promise.race([read, late]);
  } finally {
    clearTimeout(timer);
  }
}

const entriesOf = <T>(read: Read<readonly T[]>): readonly T[] => ('value' in read ? read.value : []);

/** Reads by a connection, or by the provider's API where none can be made. */
async function inDatabase<T>(
  { database, readOnlyQueries }: Pick<SecurityDependencies, 'database' | 'readOnlyQueries'>,
  read: (runner: QueryRunner) => Promise<T>,
): Promise<Read<T>> {
  const direct = await within(database.session(read), connectionLimitMs);
  if ('value' in direct) return direct;
  const runner: QueryRunner = {
    query: async (sql, parameters) => {
      const rows = await readOnlyQueries.queryReadOnly(sql, parameters);
      return { rows, rowCount: rows.length };
    },
  };
  const indirect = await within(read(runner));
  return 'value' in indirect ? indirect : direct;
}

/**
 * Writes down what a containment is about to destroy: who is connected, what roles may do, who logged in of late, and
 * which keys exist. All is read at once; what cannot be read is noted and keeps nothing else from being kept. No
 * secret is in it.
 *
 * @throws DrError `store-unavailable` (retried) or `store-refused`
 */
export async function gatherEvidence(
  dependencies: SecurityDependencies,
  { id, schemas, since }: EvidenceRequest,
): Promise<BreachEvidence> {
  const { logs, keys, platform, store, environment } = dependencies;
  heartbeat('gathering evidence');
  const startedAt = new Date();
  const log = within(logs.databaseLog({ from: new Date(since), to: startedAt, limit: mostLogLines }));
  const reads = {
    sessions: inDatabase(dependencies, readSessions),
    roles: inDatabase(dependencies, readRoles),
    grants: inDatabase(dependencies, (runner) => readEvidenceGrants(runner, schemas)),
    logins: log.then((read) => ('value' in read ? { value: loginsAmong(read.value) } : read)),
    apiKeys: within(
      keys.apiKeys().then((all) => all.map(({ id: keyId, name, kind }) => ({ id: keyId, name, kind }))),
    ),
    signingKeys: within(keys.signingKeys()),
    network: within(platform.networkRestrictions().then((state) => [state])),
  };
  const [sessions, roles, grants, logins, apiKeys, signingKeys, network] = await Promise.all([
    reads.sessions,
    reads.roles,
    reads.grants,
    reads.logins,
    reads.apiKeys,
    reads.signingKeys,
    reads.network,
  ]);
  const parts = { sessions, roles, grants, logins, apiKeys, signingKeys, network };
  const at = new Date().toISOString();
  const key = `evidence/${environment}/breach/${id}.json`;
  const text = `${JSON.stringify({ format: 'vendhub-breach-evidence', version: 1, id, since, at, ...parts }, null, 2)}\n`;
  await store.putText(key, text, 'application/json');
  return {
    key,
    sha256: createHash('sha256').update(text).digest('hex'),
    from: since,
    at,
    durationMs: Date.now() - startedAt.getTime(),
    parts: Object.entries(parts).map(([name, read]) => ({
      name,
      entries: 'value' in read ? read.value.length : null,
      failure: 'failure' in read ? read.failure : null,
    })),
    notable: notableFacts({
      sessions: entriesOf(sessions),
      roles: entriesOf(roles),
      failedLogins: entriesOf(logins).filter(isFailedLogin),
    }),
  };
}
