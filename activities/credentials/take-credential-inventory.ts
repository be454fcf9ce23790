import type {
  CredentialInventory,
  CredentialState,
  DeclaredCredential,
} from '../../workflows/contracts/credentials.ts';
import type { ApiKeyIssuer } from '../ports.ts';
import { fingerprint } from './fingerprint.ts';
import type { CredentialStore } from './sealed-credential.ts';

/**
 * Lists the declared credentials as they stand, and keys of the platform's API that nobody declared.
 *
 * @throws DrError the `provider-*` errors and those of the sealed store
 */
export async function takeCredentialInventory(
  { store, issuer }: { readonly store: CredentialStore; readonly issuer: ApiKeyIssuer },
  credentials: readonly DeclaredCredential[],
): Promise<CredentialInventory> {
  const states: CredentialState[] = [];
  for (const credential of credentials) {
    const record = await store.read(credential.id);
    states.push({
      id: credential.id,
      kind: credential.kind,
      stage: record?.stage ?? null,
      rotatedAt: record?.beganAt ?? null,
      fingerprint: record === undefined ? null : fingerprint(record.secret),
      variables: 'variables' in credential ? credential.variables : [],
    });
  }
  const declares = (key: { readonly kind: string; readonly name: string }) =>
    credentials.some(
      (credential) =>
        credential.kind === 'api-key' &&
        ((credential.access === key.kind &&
          (key.name === credential.name || key.name.startsWith(`${credential.name}_`))) ||
          (key.kind === 'legacy' && credential.endsLegacyKeys)),
    );
  const legacyOn = await issuer.legacyApiKeysEnabled();
  const undeclared = (await issuer.apiKeys())
    .filter((key) => (legacyOn || key.kind !== 'legacy') && !declares(key))
    .map(({ kind, name }) => `${kind} API key ${name}`);
  return { credentials: states, undeclared };
}
