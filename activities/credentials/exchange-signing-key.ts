import { z } from 'zod';
import type { CredentialOfKind } from '../../workflows/contracts/credentials.ts';
import { newSigningKey, signToken } from './access-token.ts';
import { awaitAccepted } from './await-accepted.ts';
import type { CredentialDependencies } from './dependencies.ts';
import type { CredentialExchange } from './exchange.ts';
import type { FormerSecret } from './sealed-credential.ts';

const privateKey = z.object({ kid: z.string(), x: z.string(), y: z.string(), d: z.string() });

/** What is kept is a key of ours, a token of the old key's, or nothing where nobody here has either. */
function tokenOf({ secret, issuedId }: FormerSecret): string | undefined {
  if (!secret.startsWith('{')) return secret === '' ? undefined : secret;
  const key = privateKey.parse(JSON.parse(secret));
  return signToken(key, issuedId ?? key.kid);
}

/**
 * The key that signs users' tokens: made here, added in standby, then used, then every other one revoked. Its private
 * half is kept sealed, so that a token of it can be tried.
 */
export function exchangeSigningKey(
  { issuer, apiProbe, timing }: CredentialDependencies,
  { id }: CredentialOfKind<'jwt-signing-key'>,
): CredentialExchange {
  const liveApiKey = async () =>
    (await issuer.apiKeys({ reveal: true })).find(({ kind }) => kind === 'publishable' || kind === 'secret')
      ?.secret;
  const tryOut = async (secret: FormerSecret) => {
    const token = tokenOf(secret);
    const apiKey = await liveApiKey();
    return token === undefined || !apiKey ? 'not-tried' : apiProbe.tryAccess({ apiKey, token });
  };

  return {
    variables: [],
    triedBy: 'a request to the REST API with a token of the key',
    tryOut,
    generate: () => ({ secret: JSON.stringify(newSigningKey()), issuedId: null }),

    async former() {
      const live = (await issuer.signingKeys()).filter(({ status }) => status !== 'revoked');
      // The legacy keys of the API are tokens of the legacy secret, which is never shown.
      const legacy = (await issuer.apiKeys({ reveal: true })).find(({ kind }) => kind === 'legacy');
      return live.map(({ id: issuedId, algorithm }) => ({
        secret: algorithm === 'HS256' ? (legacy?.secret ?? '') : '',
        issuedId,
      }));
    },

    async issue({ secret, former }) {
      const standby = (await issuer.signingKeys()).filter(({ status }) => status === 'standby');
      // One key may stand by. One of before has signed nothing; ours is found by its own id when it is added.
      for (const { id: old } of standby) {
        if (former.some(({ issuedId }) => issuedId === old)) await issuer.revokeSigningKey(old);
      }
      const issuedId = await issuer.addSigningKey(privateKey.parse(JSON.parse(secret)));
      await awaitAccepted(id, () => tryOut({ secret, issuedId }), timing);
      return { secret, issuedId };
    },

    async putToUse({ issuedId }) {
      if (issuedId !== null) await issuer.useSigningKey(issuedId);
    },

    async revokeFormer({ former, issuedId }) {
      for (const { issuedId: old } of former) {
        if (old !== null && old !== issuedId) await issuer.revokeSigningKey(old);
      }
    },
  };
}
