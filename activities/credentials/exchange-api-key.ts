import { createHash } from 'node:crypto';
import type { CredentialOfKind } from '../../workflows/contracts/credentials.ts';
import { awaitAccepted } from './await-accepted.ts';
import type { CredentialDependencies } from './dependencies.ts';
import type { CredentialExchange } from './exchange.ts';

/** The platform takes names of 64 characters at most; this tells rotations apart. */
const suffixDigits = 8;

function nameOf(base: string, rotation: string): string {
  return `${base}_${createHash('sha256').update(rotation).digest('hex').slice(0, suffixDigits)}`;
}

/**
 * A key of the platform's HTTPS API. The platform makes it, under a name that follows from the rotation: a request that
 * is repeated finds the key that it made. Old and new are both accepted until the old one is taken back.
 */
export function exchangeApiKey(
  { issuer, applicationPlatform, apiProbe, timing }: CredentialDependencies,
  { id, access, name, endsLegacyKeys, variables }: CredentialOfKind<'api-key'>,
): CredentialExchange {
  const tryKey = (apiKey: string) => apiProbe.tryAccess({ apiKey });
  return {
    variables,
    triedBy: 'a request to the REST API with the key',
    tryOut: async ({ secret }) => (secret === '' ? 'not-tried' : tryKey(secret)),
    generate: () => ({ secret: '', issuedId: null }),

    async former() {
      const keys = await issuer.apiKeys({ reveal: true });
      const own = keys.filter(
        (key) => key.kind === access && (key.name === name || key.name.startsWith(`${name}_`)),
      );
      const legacyName = access === 'secret' ? 'service_role' : 'anon';
      const legacy = endsLegacyKeys
        ? keys.filter((key) => key.kind === 'legacy' && key.name === legacyName)
        : [];
      return [...own, ...legacy].map((key) => ({ secret: key.secret ?? '', issuedId: key.id }));
    },

    async issue({ rotation }) {
      const issued = await issuer.issueApiKey({ kind: access, name: nameOf(name, rotation) });
      await awaitAccepted(id, () => tryKey(issued.secret), timing);
      return { secret: issued.secret, issuedId: issued.id };
    },

    async putToUse({ secret }) {
      const values = variables.map((variable): [string, string] => [variable, secret]);
      if (values.length > 0) await applicationPlatform.setVariables(Object.fromEntries(values));
    },

    async revokeFormer({ former, issuedId, rotation }) {
      for (const { issuedId: old } of former) {
        if (old !== null && old !== issuedId) await issuer.revokeApiKey(old, `rotation ${rotation}`);
      }
      if (endsLegacyKeys) await issuer.setLegacyApiKeysEnabled(false);
    },
  };
}
