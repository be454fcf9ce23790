import { DrError } from '../errors.ts';
import type { Database, DatabaseSession } from '../ports.ts';
import { systemIdentifier } from '../restore-into/system-identifier.ts';

function refusal(happened: string, next: string): DrError {
  return new DrError('restore-test-failed', {
    happened,
    meaning: 'The restore test was not carried out, and nothing was made on that server.',
    next,
  });
}

/**
 * Refuses a server that is production's own, by whatever name or pooler it is reached, and one that cannot be told
 * from it. A server that this process has just made needs no proof.
 *
 * @param session on the server for the test
 * @throws DrError `restore-test-failed` (not retried); `database-unreachable` (retried) where production does not answer
 */
export async function refuseProduction(
  session: DatabaseSession,
  { production, disposable }: { readonly production: Database; readonly disposable: boolean },
): Promise<void> {
  if (disposable) return;
  const [here, there] = await Promise.all([
    systemIdentifier(session),
    production.session(systemIdentifier),
  ]).catch((error: unknown) => {
    if (error instanceof DrError && error.type === 'database-query-failed') {
      throw refusal(
        'Whether the server for the restore test is production could not be found out.',
        'Let both operators call pg_control_system(), or use the server that the toolbox makes.',
      );
    }
    throw error;
  });
  if (here !== there) return;
  throw refusal(
    'The server for the restore test is production itself, or a copy of its files.',
    'Name another server, or none to use the one that the toolbox makes.',
  );
}
