import { z } from 'zod';
import type { PrivateSigningKey, SigningKey, SigningKeyIssuer } from '../../ports.ts';
import { signingKeyAnswer, signingKeysAnswer } from './answers.ts';
import { call, type SupabaseAccess } from './client.ts';

const statuses: ReadonlyMap<string, SigningKey['status']> = new Map([
  ['standby', 'standby'],
  ['in_use', 'in-use'],
  ['previously_used', 'previously-used'],
  ['revoked', 'revoked'],
]);
const path = '/config/auth/signing-keys';
const publicKey = z.object({
  kid: z.string().optional(),
  x: z.string().optional(),
  y: z.string().optional(),
});

/** By its own id or by its public half: the documents do not say that the given id is kept. */
function isSameKey(answer: z.infer<typeof signingKeyAnswer>, { kid, x, y }: PrivateSigningKey): boolean {
  const found = publicKey.safeParse(answer.public_jwk).data;
  return answer.id === kid || found?.kid === kid || (found?.x === x && found.y === y);
}

/** Supabase's keys for signing tokens. Every change is preceded by a look whether it is already so. */
export function supabaseSigningKeys(access: SupabaseAccess): SigningKeyIssuer {
  const list = async () => {
    const { keys } = await call(access, {
      method: 'GET',
      path,
      purpose: 'reading the signing keys',
      expectedStatus: 200,
      answer: signingKeysAnswer,
    });
    return keys;
  };
  const move = async (id: string, status: string, purpose: string) => {
    if ((await list()).some((key) => key.id === id && key.status === status)) return;
    await call(access, {
      method: 'PATCH',
      path: `${path}/${encodeURIComponent(id)}`,
      purpose,
      expectedStatus: 200,
      answer: signingKeyAnswer,
      body: { status },
    });
  };

  return {
    async signingKeys() {
      return (await list()).map((key) => ({
        id: key.id,
        algorithm: key.algorithm,
        status: statuses.get(key.status) ?? 'unknown',
        rawStatus: key.status,
        createdAt: key.created_at,
      }));
    },

    async addSigningKey(key) {
      const present = (await list()).find((answer) => isSameKey(answer, key));
      if (present !== undefined) return present.id;
      const made = await call(access, {
        method: 'POST',
        path,
        purpose: 'adding a signing key',
        expectedStatus: 201,
        answer: signingKeyAnswer,
        body: {
          algorithm: 'ES256',
          status: 'standby',
          private_jwk: { kty: 'EC', crv: 'P-256', ...key },
        },
        secrets: [key.d],
      });
      return made.id;
    },

    useSigningKey: (id) => move(id, 'in_use', 'letting a signing key sign'),
    revokeSigningKey: (id) => move(id, 'revoked', 'revoking a signing key'),
  };
}
