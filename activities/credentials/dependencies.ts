import type { AccessAnswer } from '../../workflows/contracts/credentials.ts';
import type { ApiProbe, ApplicationPlatform, CredentialIssuer, Database } from '../ports.ts';
import type { StandbyVariablesSource } from './exchange-at-standby.ts';
import type { CredentialStore } from './sealed-credential.ts';

/** A key to the object store. A secret. */
export interface ObjectStoreKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** What the activities of credentials reach. */
export interface CredentialDependencies {
  readonly store: CredentialStore;
  readonly issuer: CredentialIssuer;
  readonly database: Database;
  readonly applicationPlatform: Pick<ApplicationPlatform, 'variable' | 'setVariables'>;
  readonly apiProbe: ApiProbe;
  /** The worker's own connection string, as it was configured. A secret. */
  readonly operatorUrl: string;
  /** The worker's own key to the object store, as it is configured now. */
  readonly objectStoreKey: ObjectStoreKey;
  /** Tries a key on the object store. */
  readonly tryObjectStoreKey: (key: ObjectStoreKey) => Promise<AccessAnswer>;
  readonly standbyVariables: StandbyVariablesSource;
  /** How long an issuer may take until a new secret is accepted, and between two looks; in ms. */
  readonly timing: { readonly settleMs: number; readonly pollMs: number };
}
