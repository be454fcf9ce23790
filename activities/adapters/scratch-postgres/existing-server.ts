import { DrError } from '../../errors.ts';
import type { ScratchServer } from '../../ports.ts';

/**
 * A server that somebody else runs, and that is not production's.
 *
 * @param url connection string of a role that may create databases; its database is used for that alone. A secret.
 * @throws DrError `configuration-invalid` (not retried)
 */
export function existingServer(url: string): ScratchServer {
  // Without a cause: what the parser throws holds the connection string.
  if (!URL.canParse(url)) {
    throw new DrError('configuration-invalid', {
      happened: 'The connection string of the server for restore tests cannot be read.',
      meaning: 'No backup can be restored for a test; trying again would not help.',
      next: 'Expected is postgresql://user:password@host:port/database, with special characters percent-encoded.',
    });
  }
  return {
    disposable: false,
    connectionString(database) {
      const parsed = new URL(url);
      if (database !== undefined) parsed.pathname = `/${encodeURIComponent(database)}`;
      return parsed.toString();
    },
    close: async () => {},
  };
}
