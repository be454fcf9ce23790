import type { RestoreTarget } from '../../workflows/contracts/backups.ts';
import { DrError } from '../errors.ts';

/** PostgreSQL cuts longer names, in bytes. */
const longestName = 63;
const ownNames = ['postgres', 'template0', 'template1'];

/**
 * Finds the connection string that a target refers to.
 *
 * @param targets connection strings by the name of their variable; undefined where it is not set
 * @throws DrError `input-invalid` for a variable or a database that cannot be meant, or a variable that is not set
 */
export function requireTarget(
  targets: Readonly<Record<string, string | undefined>>,
  { variable, database }: RestoreTarget,
): string {
  const names = Object.keys(targets);
  if (!names.includes(variable)) {
    throw refusal(
      variable === 'DATABASE_URL' ? 'DATABASE_URL is production.' : 'The worker knows no such target.',
      `Use one of: ${names.join(', ')}. Production itself is restored by a recovery: npx dr start.`,
    );
  }
  if (database !== null && (database === '' || Buffer.byteLength(database) > longestName)) {
    throw refusal(
      'The name of the database is empty or too long.',
      `Name one of at most ${longestName} bytes.`,
    );
  }
  if (database !== null && ownNames.includes(database)) {
    throw refusal(`The database ${database} belongs to the server.`, 'Name another database.');
  }
  const connectionString = targets[variable];
  if (connectionString !== undefined) return connectionString;
  throw refusal(
    `${variable} is not set in the worker’s configuration.`,
    'Set it to the connection string of a server to restore into, and start the worker again.',
  );
}

function refusal(happened: string, next: string): DrError {
  return new DrError('input-invalid', { happened, meaning: 'Nothing was restored or changed.', next });
}
