import { z } from 'zod';
import type { DatabaseFacts } from '../../workflows/contracts/readiness-facts.ts';
import { readRow } from '../database/rows.ts';
import type { Database } from '../ports.ts';

const clockRow = z.object({ unixMs: z.coerce.number() });
const settingsRow = z.object({
  version: z.string(),
  versionNumber: z.coerce.number().int(),
  trackCommitTimestamp: z.boolean(),
  seenFrom: z.string().nullable(),
  seenFromPrivate: z.boolean().nullable(),
  amongOperators: z.boolean().nullable(),
});

const clock = `SELECT (extract(epoch FROM clock_timestamp()) * 1000)::text AS "unixMs"`;

/** RFC 1918 and RFC 4193: an address of a pooler or of a network of one's own, not what a network restriction sees. */
const privateNetworks = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'];

const settings = `
  SELECT current_setting('server_version') AS version, current_setting('server_version_num') AS "versionNumber",
         current_setting('track_commit_timestamp')::boolean AS "trackCommitTimestamp",
         host(inet_client_addr()) AS "seenFrom",
         (SELECT bool_or(inet_client_addr() <<= network::inet) FROM unnest($1::text[]) network) AS "seenFromPrivate",
         (SELECT bool_or(inet_client_addr() <<= network::inet) FROM unnest($2::text[]) network) AS "amongOperators"`;

/**
 * Connects as the operator, and reads the version, the clock, and where the database sees this worker come from.
 *
 * @param input.operatorCidrs the policy's; whether they hold that address is judged by the database itself
 * @throws DrError `database-unreachable` (retried), `database-login-refused`, `database-query-failed`,
 *   `configuration-invalid`
 */
export async function probeDatabase(
  database: Database,
  { operatorCidrs }: { readonly operatorCidrs: readonly string[] },
): Promise<DatabaseFacts> {
  const startedAt = Date.now();
  return database.session(async (session) => {
    const facts = await readRow(session, settingsRow, settings, [privateNetworks, operatorCidrs]);
    const askedAt = Date.now();
    const { unixMs } = await readRow(session, clockRow, clock);
    const answeredAt = Date.now();
    return {
      version: facts.version,
      majorVersion: Math.floor(facts.versionNumber / 10_000),
      tookMs: answeredAt - startedAt,
      trackCommitTimestamp: facts.trackCommitTimestamp,
      clockAheadMs: Math.round(unixMs - (askedAt + answeredAt) / 2),
      clockErrorMs: Math.ceil((answeredAt - askedAt) / 2),
      seenFrom: facts.seenFrom,
      seenFromPrivate: facts.seenFromPrivate ?? false,
      amongOperators: facts.seenFrom === null ? null : (facts.amongOperators ?? false),
    };
  });
}
