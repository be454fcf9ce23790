import type { ErrorType } from '../../../workflows/contracts/errors.ts';
import { DrError } from '../../errors.ts';

/** Said by psql for an error in the script, which then has changed nothing. */
const scriptFailed = 3;
const connectionFailed =
  /could not connect|connection to server|terminating connection|shutting down|server closed the connection/i;
const loginRefused = /FATAL:\s+(?:password authentication failed|(?:role|database) "[^"]*" does not exist)/;
const olderThanServer = /server version: (\d+)\S*(?: \([^)]*\))?; pg_dump version: (\d+)/;

/**
 * Makes the error of a program that ended badly. Only the first complaint is quoted: what follows may quote rows.
 *
 * @param complaints what it wrote to its standard error
 * @returns `configuration-invalid` where pg_dump is older than the server, `database-login-refused`, `database-unreachable`
 *   (retried) or `database-query-failed`
 */
export function programFailed(
  program: 'pg_dump' | 'psql',
  exitCode: number | undefined,
  complaints: string,
): DrError {
  const [, server, own] = olderThanServer.exec(complaints) ?? [];
  if (server !== undefined && own !== undefined) return dumpProgramTooOld(server, own);
  const first =
    /(?:ERROR|FATAL|error):\s+(.*)/.exec(complaints)?.[1] ??
    (exitCode === undefined ? 'it could not be run, or was ended' : `it ended with code ${exitCode}`);
  return new DrError(typeOf(exitCode, complaints), {
    happened: `${program} failed (${withoutAddress(first).slice(0, 300)}).`,
    meaning:
      program === 'psql'
        ? 'The database is as it was before.'
        : 'There is no dump: what was written of it does not count.',
    next:
      program === 'psql'
        ? 'Mend what the message names, then run it again.'
        : 'Check that the operator may read the schemas of the policy, then run it again.',
  });
}

function typeOf(exitCode: number | undefined, complaints: string): ErrorType {
  if (exitCode === scriptFailed || !connectionFailed.test(complaints)) return 'database-query-failed';
  return loginRefused.test(complaints) ? 'database-login-refused' : 'database-unreachable';
}

function dumpProgramTooOld(server: string, own: string): DrError {
  return new DrError('configuration-invalid', {
    happened: `pg_dump is of version ${own}, the server of version ${server}.`,
    meaning: 'An older pg_dump cannot dump a newer server; there is no dump.',
    next: `Install the client programs of PostgreSQL ${server} or later (Debian: postgresql-client-${server}) and set DR_POSTGRES_BIN to their folder, or unset it to use the ones of the toolbox.`,
  });
}

/** Without the host and port that a failed connection names. */
function withoutAddress(complaint: string): string {
  return complaint.replace(/at "[^"]*"(?: \([^)]*\))?, port \d+/, '');
}
