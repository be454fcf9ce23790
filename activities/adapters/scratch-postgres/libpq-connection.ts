import { DrError } from '../../errors.ts';

/**
 * Splits a connection string for PostgreSQL's own programs: what other accounts of the machine may see in the list of
 * processes, and the password for the environment.
 *
 * @throws DrError `configuration-invalid` (not retried)
 */
export function libpqConnection(connectionString: string): {
  readonly url: string;
  readonly environment: Readonly<Record<string, string>>;
} {
  // Without a cause: what the parser throws holds the connection string.
  if (!URL.canParse(connectionString)) {
    throw new DrError('configuration-invalid', {
      happened: 'A database connection string cannot be read.',
      meaning: 'No program of PostgreSQL can be run with it; trying again would not help.',
      next: 'Expected is postgresql://user:password@host:port/database, with special characters percent-encoded.',
    });
  }
  const url = new URL(connectionString);
  const password = url.searchParams.get('password') ?? decodeURIComponent(url.password);
  url.password = '';
  url.searchParams.delete('password');
  // Node's driver knows a mode of its own; its meaning is libpq's `require`.
  if (url.searchParams.get('sslmode') === 'no-verify') url.searchParams.set('sslmode', 'require');
  return { url: url.toString(), environment: password === '' ? {} : { PGPASSWORD: password } };
}
