import { DrError } from '../errors.ts';

/**
 * Puts another password into a connection string and leaves the rest.
 *
 * @param what names where the string comes from, to a person
 * @throws DrError `configuration-invalid` when it cannot be read; the string is not shown
 */
export function withPassword(connectionString: string, password: string, what: string): string {
  const url = readable(connectionString, what);
  url.password = encodeURIComponent(password);
  url.searchParams.delete('password');
  return url.href;
}

/**
 * Puts another role and its password into a connection string; what a pooler wants behind the role's name stays.
 *
 * @throws DrError as {@link withPassword}
 */
export function withLogin(
  connectionString: string,
  login: { readonly role: string; readonly password: string },
  what: string,
): string {
  const url = readable(withPassword(connectionString, login.password, what), what);
  const suffix = /\..*$/.exec(decodeURIComponent(url.username))?.[0] ?? '';
  url.username = encodeURIComponent(`${login.role}${suffix}`);
  return url.href;
}

/** The password in a connection string, null where it has none. Throws as {@link withPassword}. */
export function passwordOf(connectionString: string, what: string): string | null {
  const url = readable(connectionString, what);
  return url.searchParams.get('password') ?? (url.password === '' ? null : decodeURIComponent(url.password));
}

/** Whether a connection string logs in as this role; poolers take the project's reference behind its name. */
export function logsInAs(connectionString: string, role: string, what: string): boolean {
  const user = decodeURIComponent(readable(connectionString, what).username);
  return user === role || user.startsWith(`${role}.`);
}

function readable(connectionString: string, what: string): URL {
  const url = URL.parse(connectionString);
  if (url !== null && ['postgres:', 'postgresql:'].includes(url.protocol)) return url;
  throw new DrError('configuration-invalid', {
    happened: `${what} holds no connection string that can be read.`,
    meaning: 'The password in it cannot be exchanged; nothing was changed.',
    next: 'Expected is postgresql://user:password@host:port/database, with special characters percent-encoded.',
  });
}
