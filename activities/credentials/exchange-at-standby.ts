import { randomBytes } from 'node:crypto';
import type {
  CredentialOfKind,
  DeclaredCredential,
  RotatedCredential,
} from '../../workflows/contracts/credentials.ts';
import type { CredentialDependencies } from './dependencies.ts';
import type { CredentialExchange } from './exchange.ts';
import { exchangeObjectStoreKey } from './exchange-object-store-key.ts';
import type { CredentialStore } from './sealed-credential.ts';

/** The application's variables where production is rebuilt. Values are secrets. */
export interface StandbyVariablesSource {
  /** What it takes over from production: the newest stored configuration. Throws `backup-invalid`. */
  readonly inherited: () => Promise<Readonly<Record<string, string>>>;
  /** What the application there is started with; undefined before that. */
  readonly inForce: () => Promise<Readonly<Record<string, string>> | undefined>;
}

/**
 * How a declared credential is exchanged where production is rebuilt, without any provider: what only the application
 * knows, and the key to the object store, which outlives production. Null for what a provider issues.
 */
export function exchangeAtStandby(
  dependencies: CredentialDependencies,
  credential: DeclaredCredential,
): CredentialExchange | null {
  switch (credential.kind) {
    case 'application-variable':
      return exchangeInherited(dependencies.standbyVariables, credential);
    case 's3-key':
      return exchangeObjectStoreKey(dependencies);
    default:
      return null;
  }
}

/** It is put to use when the application is started: that writes what is kept sealed. */
function exchangeInherited(
  { inherited, inForce }: StandbyVariablesSource,
  { bytes, variables }: CredentialOfKind<'application-variable'>,
): CredentialExchange {
  return {
    variables,
    triedBy: 'comparing it with the variables that the standby application was started with',
    async tryOut({ secret }) {
      const now = await inForce();
      if (now === undefined) return 'not-tried';
      return variables.every((name) => now[name] === secret) ? 'accepted' : 'refused';
    },
    generate: () => ({ secret: randomBytes(bytes).toString('base64url'), issuedId: null }),
    async former() {
      const before = await inherited();
      return variables.flatMap((name) => {
        const secret = before[name];
        return secret === undefined ? [] : [{ secret, issuedId: null }];
      });
    },
    issue: ({ secret }) => Promise.resolve({ secret, issuedId: null }),
    putToUse: () => Promise.resolve(),
    revokeFormer: () => Promise.resolve(),
  };
}

/** What only its issuer can exchange: nothing is made here, and the sealed credential stays as it is. */
export function leftToIssuer(store: CredentialStore, credential: DeclaredCredential): RotatedCredential {
  const { id, kind } = credential;
  return {
    id,
    kind,
    stage: 'by-person',
    newFingerprint: 'unknown',
    formerFingerprints: [],
    sealedAs: store.keyOf(id),
    usedIn: [],
    toDo: `${atIssuer(credential)} ${leftOut(credential)}`,
  };
}

function atIssuer(credential: DeclaredCredential): string {
  switch (credential.kind) {
    case 'database-password':
      return `As soon as the old database platform answers: give the role ${credential.role} another password there. The standby database does not know this one.`;
    case 'api-key':
      return `At the old database platform: make a new ${credential.access} key in place of "${credential.name}" and revoke the old one${credential.endsLegacyKeys ? ' and the legacy keys' : ''}.`;
    case 'jwt-signing-key':
      return 'At the old database platform: make another key sign, revoke this one, and let nothing take its tokens before.';
    default:
      return 'Exchange it at whoever issues it.';
  }
}

function leftOut(credential: DeclaredCredential): string {
  const variables = 'variables' in credential ? credential.variables : [];
  return variables.length === 0
    ? 'No variable of the standby application holds it.'
    : `The stolen one is left out of the standby application (${variables.join(', ')}; DATABASE_URL leads to the standby database).`;
}
