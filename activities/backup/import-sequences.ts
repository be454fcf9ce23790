import { z } from 'zod';
import type { DatabaseSession } from '../ports.ts';
import type { ExportHeader } from './format.ts';
import { importRefused, type TableName } from './import-target.ts';
import { qualifiedName } from './quote.ts';

type ExportSequence = ExportHeader['sequences'][number];

const found = z.object({
  start: z.string(),
  last: z.string().nullable(),
  ascending: z.boolean(),
});

/**
 * Sets sequences to where they stood. `RESTART` gives a sequence a new file within the transaction, so that what
 * `setval` writes after it is undone with the transaction, as it is not alone.
 *
 * @param place where a sequence of the export lies in this database
 * @param keepAhead leave a sequence that is further already, since rows were kept that it counted
 * @throws DrError `input-invalid` naming every sequence that is missing
 */
export async function restoreSequences(
  session: DatabaseSession,
  sequences: readonly ExportSequence[],
  place: (sequence: ExportSequence) => TableName,
  keepAhead: boolean,
): Promise<void> {
  const missing: string[] = [];
  for (const sequence of sequences) {
    const target = place(sequence);
    const { rows } = await session.query(
      `SELECT start_value::text AS start, last_value::text AS last, increment_by > 0 AS ascending
       FROM pg_sequences WHERE schemaname = $1 AND sequencename = $2`,
      [target.schema, target.name],
    );
    const [standing] = z.array(found).parse(rows);
    if (standing === undefined) missing.push(`${target.schema}.${target.name}`);
    else if (!keepAhead || isBehind(standing, sequence.lastValue)) {
      await session.query(`ALTER SEQUENCE ${qualifiedName(target)} RESTART`);
      await session.query('SELECT setval($1::regclass, $2::bigint, $3::boolean)', [
        qualifiedName(target),
        sequence.lastValue ?? standing.start,
        sequence.lastValue !== null,
      ]);
    }
  }
  if (missing.length > 0) {
    throw importRefused(
      `The database has no sequence ${missing.join(', ')}.`,
      'Bring the schema to the state in which the export was made.',
    );
  }
}

function isBehind({ last, ascending }: z.infer<typeof found>, exported: string | null): boolean {
  if (exported === null) return false;
  if (last === null) return true;
  return ascending ? BigInt(last) < BigInt(exported) : BigInt(last) > BigInt(exported);
}
