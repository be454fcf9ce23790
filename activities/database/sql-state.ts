import { z } from 'zod';
import { DrError } from '../errors.ts';

const withState = z.object({ code: z.string().length(5) });

/** SQLSTATEs of a page that the server cannot read: internal error, data or index corrupted, I/O error. */
const unreadable = new Set(['XX000', 'XX001', 'XX002', '58030']);

/** The SQLSTATE under a failed statement; undefined where the server gave none. */
export function sqlState(error: unknown): string | undefined {
  if (!(error instanceof DrError)) return undefined;
  return withState.safeParse(error.cause).data?.code;
}

/** Whether a statement failed because stored data cannot be read: damage, and not a mistake in the statement. */
export function saysUnreadable(error: unknown): boolean {
  return unreadable.has(sqlState(error) ?? '');
}

/** The failure of one read in a form for a report. Rethrows what is no answer of the database to that read. */
export function describeFailedRead(error: unknown): string {
  if (error instanceof DrError && error.type === 'database-query-failed') return error.explanation.happened;
  throw error;
}
