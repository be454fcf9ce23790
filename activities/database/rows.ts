import { z } from 'zod';
import { DrError } from '../errors.ts';
import type { DatabaseSession } from '../ports.ts';

/** A count or size: `bigint` text of the server, or a number, that a JavaScript number holds exactly. */
export const count = z.coerce.number().int().nonnegative().safe();

/** A `json` column: its text, read by the schema. Exactness is why the session gives text of every type. */
export function jsonColumn<Value extends z.ZodType>(value: Value) {
  return z
    .string()
    .transform((text): unknown => JSON.parse(text))
    .pipe(value);
}

function unexpectedAnswer(problem: z.ZodError): DrError {
  const fields = problem.issues
    .map((issue) => `${issue.path.join('.') || 'row'}: ${issue.message}`)
    .join('; ');
  return new DrError('database-query-failed', {
    happened: `The database answered a query in an unexpected shape (${fields}).`,
    meaning: 'This step has no result; nothing was changed by it.',
    next: 'Check that the server is PostgreSQL 14 or newer and that the query of the policy is as documented.',
  });
}

/**
 * Runs a query and reads each row.
 *
 * @throws DrError `database-unreachable` (retried), `database-query-failed` also where a row has another shape
 */
export async function readRows<Row extends z.ZodType>(
  session: Pick<DatabaseSession, 'query'>,
  row: Row,
  sql: string,
  parameters: readonly unknown[] = [],
): Promise<z.output<Row>[]> {
  const result = await session.query(sql, parameters);
  const parsed = z.array(row).safeParse(result.rows);
  if (!parsed.success) throw unexpectedAnswer(parsed.error);
  return parsed.data;
}

/** Runs a query that answers exactly one row, and reads it; throws as {@link readRows}. */
export async function readRow<Row extends z.ZodType>(
  session: Pick<DatabaseSession, 'query'>,
  row: Row,
  sql: string,
  parameters: readonly unknown[] = [],
): Promise<z.output<Row>> {
  const { rows } = await session.query(sql, parameters);
  const parsed = z
    .array(z.unknown())
    .length(1)
    .transform(([only]) => only)
    .pipe(row)
    .safeParse(rows);
  if (!parsed.success) throw unexpectedAnswer(parsed.error);
  return parsed.data;
}
