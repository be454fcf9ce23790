import type { Database, DatabaseSession } from '../ports.ts';

/**
 * Opens a session in which row-level security that would hide rows is an error: a job that is not seen is not held,
 * and would be done twice. Throws as the database's session, and what the work throws.
 */
export function unfilteredSession<T>(
  database: Database,
  use: (session: DatabaseSession) => Promise<T>,
): Promise<T> {
  return database.session(async (session) => {
    await session.query('SET row_security = off');
    return await use(session);
  });
}
