import { config } from 'dotenv';
import { z } from 'zod';
import { DrError } from '../../activities/errors.ts';

const postgresUrl = z
  .string()
  .refine(
    (text) => ['postgres:', 'postgresql:'].includes(URL.parse(text)?.protocol ?? ''),
    'expected a URL beginning with postgres:// or postgresql://',
  );

/**
 * Reads where the database is: the option, the variable DATABASE_URL, or `.env`, in this order.
 *
 * @param given value of `--database-url`
 * @returns a connection string; a secret
 * @throws DrError `configuration-invalid`, without the value
 */
export function readDatabaseUrl(given: string | undefined, environment: NodeJS.ProcessEnv): string {
  config({ quiet: true });
  const value = given ?? environment['DATABASE_URL'];
  const name = given === undefined ? 'DATABASE_URL' : '--database-url';
  const parsed = postgresUrl.safeParse(value ?? '');
  if (parsed.success) return parsed.data;
  const shown = value === undefined || value === '' ? 'it is not set' : 'its value is not shown';
  throw new DrError('configuration-invalid', {
    happened: `${name}: expected a URL beginning with postgres:// or postgresql://; ${shown}.`,
    meaning: 'The database cannot be reached, and nothing was done.',
    next: 'Set it in the environment or in .env (see .env.example).',
  });
}
