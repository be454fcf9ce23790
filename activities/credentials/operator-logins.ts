import type { DeclaredCredential } from '../../workflows/contracts/credentials.ts';
import type { DatabaseLogins } from '../ports.ts';
import { logsInAs, withPassword } from './connection-url.ts';
import type { CredentialStore } from './sealed-credential.ts';

/**
 * How the worker gets into the database after its own password was exchanged, and after a rewind brought an older one
 * back. They are tried only where the configured password is refused, so that no login waits for the object store while
 * nothing was exchanged.
 *
 * @returns logins that throw what reading the sealed store throws
 */
export function operatorLogins(parts: {
  readonly operatorUrl: string;
  readonly credentials: readonly DeclaredCredential[];
  readonly store: Pick<CredentialStore, 'read'>;
}): DatabaseLogins {
  const { operatorUrl, credentials, store } = parts;
  const name = 'DATABASE_URL';
  return async function* () {
    for (const credential of credentials) {
      if (credential.kind !== 'database-password' || !logsInAs(operatorUrl, credential.role, name)) continue;
      const record = await store.read(credential.id);
      if (record === undefined) continue;
      for (const { secret } of [record, ...record.former]) yield withPassword(operatorUrl, secret, name);
    }
  };
}
