import { z } from 'zod';
import { readRows } from '../database/rows.ts';
import type { DatabaseSession } from '../ports.ts';

const address = z.object({ address: z.string() });

/**
 * Which of some addresses lie in none of the networks; judged by the database itself.
 *
 * @param cidrs such as `192.0.2.0/24`
 * @throws DrError `database-unreachable` (retried), `database-query-failed` where one is no address or no network
 */
export async function strangersAmong(
  session: Pick<DatabaseSession, 'query'>,
  addresses: readonly string[],
  cidrs: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await readRows(
    session,
    address,
    `SELECT address FROM unnest($1::text[]) AS address
      WHERE NOT EXISTS (SELECT FROM unnest($2::text[]) AS network WHERE address::inet <<= network::inet)`,
    [[...new Set(addresses)], cidrs],
  );
  return new Set(rows.map((row) => row.address));
}
