import type {
  CredentialInventory,
  CredentialOfKind,
  CredentialProof,
  DeclaredCredential,
  RestatedPassword,
  RotatedCredential,
} from '../../workflows/contracts/credentials.ts';
import type { CredentialDependencies } from './dependencies.ts';
import { exchangeAtStandby, leftToIssuer } from './exchange-at-standby.ts';
import { exchangeOf } from './exchange-of.ts';
import { proveCredential } from './prove-credential.ts';
import { restatePasswords } from './restate-passwords.ts';
import { type RotationRequest, rotateCredential } from './rotate-credential.ts';
import { takeCredentialInventory } from './take-credential-inventory.ts';

export type { CredentialDependencies, ObjectStoreKey } from './dependencies.ts';
export type { StandbyVariablesSource } from './exchange-at-standby.ts';
export { exchangedSecrets, withoutExchanged } from './former-secrets.ts';
export { operatorLogins } from './operator-logins.ts';
export { type CredentialStore, createCredentialStore } from './sealed-credential.ts';

/** What a recovery does with credentials; each is described where it is written. No result holds a secret. */
export interface CredentialActivities {
  takeCredentialInventory(credentials: readonly DeclaredCredential[]): Promise<CredentialInventory>;
  rotateCredential(request: RotationRequest): Promise<RotatedCredential>;
  proveCredential(credential: DeclaredCredential): Promise<CredentialProof>;
  /** As `rotateCredential`, where production is rebuilt: what only a provider can exchange is left to a person. */
  rotateStandbyCredential(request: RotationRequest): Promise<RotatedCredential>;
  /** As `proveCredential`, of one that `rotateStandbyCredential` has exchanged. */
  proveStandbyCredential(credential: DeclaredCredential): Promise<CredentialProof>;
  restatePasswords(
    credentials: readonly CredentialOfKind<'database-password'>[],
  ): Promise<readonly RestatedPassword[]>;
}

/** Makes the activities of credentials. */
export function createCredentialActivities(dependencies: CredentialDependencies): CredentialActivities {
  const { store } = dependencies;
  return {
    takeCredentialInventory: (credentials) => takeCredentialInventory(dependencies, credentials),
    rotateCredential: (request) =>
      rotateCredential({ store, exchange: exchangeOf(dependencies, request.credential) }, request),
    proveCredential: (credential) =>
      proveCredential({ store, exchange: exchangeOf(dependencies, credential) }, credential),
    rotateStandbyCredential: async (request) => {
      const exchange = exchangeAtStandby(dependencies, request.credential);
      if (exchange === null) return leftToIssuer(store, request.credential);
      return rotateCredential({ store, exchange }, request);
    },
    proveStandbyCredential: (credential) =>
      proveCredential(
        {
          store,
          exchange: exchangeAtStandby(dependencies, credential) ?? exchangeOf(dependencies, credential),
        },
        credential,
      ),
    restatePasswords: (credentials) => restatePasswords(dependencies, credentials),
  };
}
