/** Who connects to which database, taken over into a URL that leads to the same server. */
export interface ConnectionUser {
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

/**
 * Rewrites a connection string for another user and database on the same server.
 *
 * @param url any `postgresql://` URL; host, port and parameters are kept
 */
export function connectionUrlFor(url: string, { user, password, database }: ConnectionUser): string {
  const rewritten = new URL(url);
  rewritten.username = encodeURIComponent(user);
  rewritten.password = encodeURIComponent(password);
  rewritten.pathname = `/${encodeURIComponent(database)}`;
  return rewritten.href;
}
