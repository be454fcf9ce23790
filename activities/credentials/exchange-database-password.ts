import { randomBytes } from 'node:crypto';
import type { CredentialOfKind } from '../../workflows/contracts/credentials.ts';
import { setRolePassword } from '../database/set-role-password.ts';
import { awaitAccepted } from './await-accepted.ts';
import { logsInAs, passwordOf, withLogin, withPassword } from './connection-url.ts';
import type { CredentialDependencies } from './dependencies.ts';
import type { CredentialExchange } from './exchange.ts';
import type { CredentialRecord, FormerSecret } from './sealed-credential.ts';

const passwordBytes = 24;

/** A session that began under the old password lives on when it is changed; one under the new one comes back. */
const endSessions =
  'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1 AND pid <> pg_backend_pid()';

/**
 * The password of a database role. The old one is dead as soon as the new one is set, so revoking it is to end the
 * sessions that still live by it. The worker's own access survives: see `operatorLogins`.
 */
export function exchangeDatabasePassword(
  dependencies: CredentialDependencies,
  { id, role, issuer, variables }: CredentialOfKind<'database-password'>,
): CredentialExchange {
  const { database, applicationPlatform, operatorUrl, timing } = dependencies;
  const isOwn = logsInAs(operatorUrl, role, 'DATABASE_URL');

  const stringsInUse = async () => {
    const found: { variable: string; connectionString: string }[] = [];
    for (const variable of variables) {
      const connectionString = await applicationPlatform.variable(variable);
      if (connectionString !== undefined) found.push({ variable, connectionString });
    }
    return found;
  };

  // By the worker's own way: an application's may be closed to it.
  const tryOut = ({ secret }: FormerSecret) =>
    database.tryLogin(withLogin(operatorUrl, { role, password: secret }, 'DATABASE_URL'));

  return {
    variables,
    triedBy: `a login to the database as ${role}`,
    tryOut,
    generate: () => ({ secret: randomBytes(passwordBytes).toString('base64url'), issuedId: null }),

    async former() {
      const strings = (await stringsInUse()).map(({ connectionString }) => connectionString);
      const passwords = [...(isOwn ? [operatorUrl] : []), ...strings].map((text) =>
        passwordOf(text, `a variable of ${id}`),
      );
      return passwords.flatMap((secret) => (secret === null ? [] : [{ secret, issuedId: null }]));
    },

    async issue({ secret }: CredentialRecord) {
      if (issuer === 'platform') await dependencies.issuer.setDatabasePassword(secret);
      else await database.session((session) => setRolePassword(session, role, secret));
      await awaitAccepted(id, () => tryOut({ secret, issuedId: null }), timing);
      return { secret, issuedId: null };
    },

    async putToUse({ secret }) {
      const changed = (await stringsInUse()).map(({ variable, connectionString }): [string, string] => [
        variable,
        withPassword(connectionString, secret, variable),
      ]);
      if (changed.length > 0) await applicationPlatform.setVariables(Object.fromEntries(changed));
    },

    async revokeFormer() {
      await database.session((session) => session.query(endSessions, [role]));
    },
  };
}
