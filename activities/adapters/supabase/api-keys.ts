import { z } from 'zod';
import { DrError } from '../../errors.ts';
import type { ApiKey, ApiKeyIssuer } from '../../ports.ts';
import { apiKeyAnswer, legacyApiKeysAnswer } from './answers.ts';
import { call, type SupabaseAccess } from './client.ts';

const kinds: ReadonlyMap<string, ApiKey['kind']> = new Map([
  ['publishable', 'publishable'],
  ['secret', 'secret'],
  ['legacy', 'legacy'],
]);

function asApiKey(answer: z.infer<typeof apiKeyAnswer>, revealed: boolean): ApiKey {
  return {
    // Legacy keys carry a word for an id, and only all of them together can be switched off.
    id: answer.type === 'legacy' ? null : (answer.id ?? null),
    name: answer.name,
    kind: kinds.get(answer.type ?? '') ?? 'unknown',
    // What is shown otherwise is shortened.
    secret: revealed ? (answer.api_key ?? null) : null,
  };
}

/** Supabase's API keys. Making one is preceded by a look whether it is there: the API itself would make a second. */
export function supabaseApiKeys(access: SupabaseAccess): ApiKeyIssuer {
  const list = async (reveal: boolean) => {
    const answer = await call(access, {
      method: 'GET',
      path: `/api-keys?reveal=${reveal}`,
      purpose: 'reading the API keys',
      expectedStatus: 200,
      answer: z.array(apiKeyAnswer),
    });
    return answer.map((key) => asApiKey(key, reveal));
  };
  const create = async (key: { readonly kind: string; readonly name: string }) =>
    asApiKey(
      await call(access, {
        method: 'POST',
        path: '/api-keys?reveal=true',
        purpose: `making the API key ${key.name}`,
        expectedStatus: 201,
        answer: apiKeyAnswer,
        body: { type: key.kind, name: key.name },
      }),
      true,
    );

  return {
    apiKeys: ({ reveal } = { reveal: false }) => list(reveal),

    async issueApiKey(wanted) {
      const present = (await list(true)).find((key) => key.kind === wanted.kind && key.name === wanted.name);
      const { id, secret } = present ?? (await create(wanted));
      if (id === null || secret === null) throw notShown(wanted.name);
      return { id, secret };
    },

    async revokeApiKey(id, reason) {
      if (!(await list(false)).some((key) => key.id === id)) return;
      const query = new URLSearchParams({ was_compromised: 'true', reason });
      await call(access, {
        method: 'DELETE',
        path: `/api-keys/${encodeURIComponent(id)}?${query}`,
        purpose: 'removing an API key',
        expectedStatus: 200,
        answer: apiKeyAnswer,
      });
    },

    async legacyApiKeysEnabled() {
      const answer = await call(access, {
        method: 'GET',
        path: '/api-keys/legacy',
        purpose: 'reading whether the legacy API keys are on',
        expectedStatus: 200,
        answer: legacyApiKeysAnswer,
      });
      return answer.enabled;
    },

    async setLegacyApiKeysEnabled(enabled) {
      await call(access, {
        method: 'PUT',
        path: `/api-keys/legacy?enabled=${enabled}`,
        purpose: `switching the legacy API keys ${enabled ? 'on' : 'off'}`,
        expectedStatus: 200,
        answer: legacyApiKeysAnswer,
      });
    },
  };
}

function notShown(name: string): DrError {
  return new DrError('provider-answer-unknown', {
    happened: `Supabase made the API key ${name} and does not show it.`,
    meaning: 'The key exists and cannot be handed on; the old one is still accepted.',
    next: 'Check that the access token may read secrets of the project, then retry.',
  });
}
