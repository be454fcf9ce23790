import { DrError } from '../../errors.ts';

/** How a PostgreSQL program is told of its server. */
export interface ProgramConnection {
  /** Connection URI without the password: arguments are seen by every account of the machine. */
  readonly uri: string;
  /** The password, for the environment of that program alone. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Parameters that other clients understand and libpq refuses. */
const foreignParameters = ['uselibpqcompat', 'pgbouncer', 'connection_limit', 'pool_timeout', 'schema'];

/**
 * Divides a connection string into what may be seen and what may not.
 *
 * @throws DrError `configuration-invalid` when it cannot be read; the message does not hold it
 */
export function programConnection(connectionString: string): ProgramConnection {
  const url = URL.parse(connectionString);
  if (url === null || !['postgres:', 'postgresql:'].includes(url.protocol)) {
    throw new DrError('configuration-invalid', {
      happened: 'A database connection string cannot be read.',
      meaning: 'Nothing was dumped or restored.',
      next: 'Expected is postgresql://user:password@host:port/database, with special characters percent-encoded.',
    });
  }
  const password = url.searchParams.get('password') ?? decodeURIComponent(url.password);
  url.password = '';
  for (const name of [...foreignParameters, 'password']) url.searchParams.delete(name);
  if (url.searchParams.get('sslmode') === 'no-verify') url.searchParams.set('sslmode', 'require');
  return { uri: url.href, environment: password === '' ? {} : { PGPASSWORD: password } };
}
