import { z } from 'zod';
import { DrError } from '../errors.ts';
import type { DatabaseSession } from '../ports.ts';

const sizeRow = z.object({ bytes: z.coerce.number().int().nonnegative() });

/**
 * Refuses to copy a database that is larger than the policy allows, before any time is spent on it.
 *
 * @param maxBytes largest size of the whole database on its disk, in bytes
 * @throws DrError `safety-copy-too-large` (not retried)
 */
export async function requireSizeWithin(session: DatabaseSession, maxBytes: number): Promise<void> {
  const { rows } = await session.query('SELECT pg_database_size(current_database())::text AS bytes');
  const [{ bytes }] = z.tuple([sizeRow]).parse(rows);
  if (bytes <= maxBytes) return;
  throw new DrError('safety-copy-too-large', {
    happened: `The database takes ${bytes} bytes; the policy copies at most ${maxBytes} before a restore.`,
    meaning: 'There is NO SAFETY COPY: what the restore discards would be lost for good.',
    next: 'Raise the limit in the policy and retry, or decide at the gate to go on without a copy.',
  });
}
