import { z } from 'zod';
import { exportDamaged } from '../backup/export-parser.ts';
import type { SchemaDump } from '../ports.ts';

const headerLine = z.object({
  schemaDump: z.object({ preData: z.string(), postData: z.string() }).optional(),
});
const lineEnd = 0x0a;

/**
 * Reads the field `schemaDump` of an export's header, which is its first line: `head -1 export.json | sed 's/$/]}/' |
 * jq -r .schemaDump.preData | psql` by hand.
 *
 * @param document the export from its beginning; no more than the header is taken
 * @returns undefined where the export holds no schema
 * @throws DrError `verification-failed` (not retried)
 */
export async function readSchemaInHeader(document: AsyncIterable<Buffer>): Promise<SchemaDump | undefined> {
  const parts: Buffer[] = [];
  for await (const chunk of document) {
    const end = chunk.indexOf(lineEnd);
    parts.push(end === -1 ? Buffer.from(chunk) : Buffer.from(chunk.subarray(0, end)));
    if (end !== -1) break;
  }
  const header = headerLine.safeParse(json(`${Buffer.concat(parts).toString('utf8')}]}`));
  if (!header.success) throw exportDamaged('has a header that cannot be read');
  return header.data.schemaDump;
}

function json(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}
