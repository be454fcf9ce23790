import type { DeclaredCredential } from '../../workflows/contracts/credentials.ts';
import type { CredentialDependencies } from './dependencies.ts';
import type { CredentialExchange } from './exchange.ts';
import { exchangeApiKey } from './exchange-api-key.ts';
import { exchangeApplicationVariable } from './exchange-application-variable.ts';
import { exchangeDatabasePassword } from './exchange-database-password.ts';
import { exchangeObjectStoreKey } from './exchange-object-store-key.ts';
import { exchangeSigningKey } from './exchange-signing-key.ts';

/** How a declared credential is exchanged. */
export function exchangeOf(
  dependencies: CredentialDependencies,
  credential: DeclaredCredential,
): CredentialExchange {
  switch (credential.kind) {
    case 'database-password':
      return exchangeDatabasePassword(dependencies, credential);
    case 'api-key':
      return exchangeApiKey(dependencies, credential);
    case 'jwt-signing-key':
      return exchangeSigningKey(dependencies, credential);
    case 'application-variable':
      return exchangeApplicationVariable(dependencies, credential);
    case 's3-key':
      return exchangeObjectStoreKey(dependencies);
  }
}
