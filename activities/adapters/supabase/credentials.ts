import type { CredentialIssuer } from '../../ports.ts';
import { passwordAnswer } from './answers.ts';
import { supabaseApiKeys } from './api-keys.ts';
import { call, type SupabaseAccess } from './client.ts';
import { supabaseSigningKeys } from './signing-keys.ts';

/**
 * The secrets that Supabase issues, by its Management API. Nothing is tried again here; every method may be called
 * again after a failure and has then the same effect once.
 *
 * @returns an issuer whose methods throw the `provider-*` errors, none of which holds a secret
 */
export function createSupabaseCredentials(access: SupabaseAccess): CredentialIssuer {
  return {
    async setDatabasePassword(password) {
      await call(access, {
        method: 'PATCH',
        path: '/database/password',
        purpose: 'setting the database password',
        expectedStatus: 200,
        answer: passwordAnswer,
        body: { password },
        secrets: [password],
      });
    },
    ...supabaseApiKeys(access),
    ...supabaseSigningKeys(access),
  };
}
