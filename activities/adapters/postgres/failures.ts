import pg from 'pg';
import { DrError } from '../../errors.ts';

/** SQLSTATEs that say: the server is away, starting, stopping, full of sessions, or did not answer in time. */
const unreachableStates = new Set(['57P01', '57P02', '57P03', '57P05', '57014', '53300']);
const refusedStates = new Set(['28P01', '28000', '3D000']);
const certificateFailure = /^(?:ERR_TLS_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/;
const serverWithoutTls = 'The server does not support SSL connections';

function unreachable(reason: string, cause: unknown): DrError {
  return new DrError(
    'database-unreachable',
    {
      happened: `The database did not answer (${reason}).`,
      meaning: 'Nothing can be read from it or changed in it until it answers; the step is tried again.',
      next: 'Look at the state of the database at its provider, and at the network restrictions.',
    },
    { cause },
  );
}

function loginRefused(reason: string, cause: unknown): DrError {
  return new DrError(
    'database-login-refused',
    {
      happened: `The database refused the operator's login (${reason}).`,
      meaning: 'The recovery cannot look into the database or change it.',
      next: 'Check user, password and database name of the connection, and who may connect; then retry the step.',
    },
    { cause },
  );
}

function queryFailed(reason: string, cause: unknown): DrError {
  return new DrError(
    'database-query-failed',
    {
      happened: `The database refused a statement (${reason}).`,
      meaning: 'This step has no result; a statement that fails changes nothing.',
      next: 'Read the message, mend what it names, and retry the step.',
    },
    { cause },
  );
}

function tlsRefused(reason: string, cause: unknown): DrError {
  return new DrError(
    'configuration-invalid',
    {
      happened: `No trusted TLS connection to the database could be made (${reason}).`,
      meaning: 'The recovery cannot reach the database; trying again would not help.',
      next: 'Check `sslmode` and `sslrootcert` of the operator connection string.',
    },
    { cause },
  );
}

/** The server quotes values in some messages (`invalid input syntax for type integer: "…"`): take them out. */
function withoutParameters(message: string, parameters: readonly unknown[]): string {
  return parameters
    .filter((parameter) => typeof parameter === 'string' && parameter !== '')
    .reduce<string>((text, parameter) => text.replaceAll(String(parameter), '…'), message);
}

/**
 * Whether the server turned the connection away by its access list (pg_hba.conf), before looking at a password.
 * Told by the name of the server's own routine, because the message is translated to the server's language.
 */
export function isTurnedAwayByAccessList(error: unknown): boolean {
  return (
    error instanceof pg.DatabaseError && error.code === '28000' && error.routine === 'ClientAuthentication'
  );
}

/**
 * Translates what `pg` threw into the project's own error.
 *
 * @param error what was thrown by a connection or a query
 * @param parameters the statement's parameters: their text is taken out of the message
 * @returns `database-unreachable` (retried), `database-login-refused`, `configuration-invalid` or
 *   `database-query-failed` (none of them retried); the message holds the SQLSTATE and the server's primary message,
 *   never a parameter, a host or a connection string
 */
export function toDrError(error: unknown, parameters: readonly unknown[] = []): DrError {
  if (error instanceof DrError) return error;
  if (error instanceof pg.DatabaseError && error.code !== undefined) {
    const reason = `SQLSTATE ${error.code}: ${withoutParameters(error.message, parameters)}`;
    if (unreachableStates.has(error.code) || error.code.startsWith('08')) return unreachable(reason, error);
    if (refusedStates.has(error.code)) return loginRefused(reason, error);
    return queryFailed(reason, error);
  }
  if (!(error instanceof Error)) return unreachable('no reason given', error);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  if (error.message === serverWithoutTls) return tlsRefused('the server offers none', error);
  if (code !== undefined && certificateFailure.test(code)) return tlsRefused(code, error);
  if (error.message.startsWith('SASL')) return loginRefused('the password exchange failed', error);
  return unreachable(code ?? 'the connection broke or timed out', error);
}
