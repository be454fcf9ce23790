import type { StandbyEnvironment } from './dependencies.ts';

/** The connection string of one database on the standby server. A secret. */
export function standbyDatabaseUrl({ databaseUrl }: StandbyEnvironment, database: string): string {
  const url = new URL(databaseUrl);
  url.pathname = `/${encodeURIComponent(database)}`;
  return url.href;
}
