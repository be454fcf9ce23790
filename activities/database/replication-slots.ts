import { z } from 'zod';
import type { DatabaseSession } from '../ports.ts';
import { readRows } from './rows.ts';

const slots = `
  SELECT format('%s: %s', slot_name, CASE slot_type WHEN 'logical'
                THEN format('logical, %s, database %s', plugin, database) ELSE slot_type END) AS line
    FROM pg_replication_slots WHERE NOT temporary`;

/** Lists the lasting replication slots, sorted. Throws `database-unreachable` (retried) or `database-query-failed`. */
export async function readReplicationSlots(session: DatabaseSession): Promise<readonly string[]> {
  const rows = await readRows(session, z.object({ line: z.string() }), slots);
  return rows.map((row) => row.line).sort();
}
