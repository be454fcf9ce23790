import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  createSupabaseCredentials,
  createSupabaseLogs,
  createSupabasePlatform,
  createSupabasePower,
  createSupabaseReadOnlyQueries,
  createSupabaseSecurity,
  type SupabaseAccess,
} from '../../../../activities/adapters/supabase/index.ts';
import { newSigningKey } from '../../../sandbox/supabase/new-signing-key.ts';
import { type SupabaseProduction, startSupabaseProduction } from '../../../sandbox/supabase/production.ts';
import { failureOf } from '../../failure-of.ts';

const unknownId = '00000000-0000-4000-8000-000000000000';

/** Every call of the adapters, under the name that the sandbox has for the request that is hit. */
const calls: readonly (readonly [string, (access: SupabaseAccess) => Promise<unknown>])[] = [
  ['get-project', (access) => createSupabasePlatform(access).identity()],
  ['get-project', (access) => createSupabasePlatform(access).status()],
  ['get-health', (access) => createSupabasePlatform(access).services()],
  ['list-backups', (access) => createSupabasePlatform(access).recoverability()],
  ['get-backup-schedule', (access) => createSupabasePlatform(access).dailyBackupTime()],
  ['get-network-restrictions', (access) => createSupabasePlatform(access).networkRestrictions()],
  ['apply-network-restrictions', (access) => createSupabasePlatform(access).restrictNetwork(['0.0.0.0/0'])],
  ['set-password', (access) => createSupabaseCredentials(access).setDatabasePassword('never set')],
  ['list-api-keys', (access) => createSupabaseCredentials(access).apiKeys()],
  [
    'create-api-key',
    (access) => createSupabaseCredentials(access).issueApiKey({ kind: 'secret', name: 'never_made' }),
  ],
  ['list-api-keys', (access) => createSupabaseCredentials(access).revokeApiKey(unknownId, 'a test')],
  ['get-legacy-api-keys', (access) => createSupabaseCredentials(access).legacyApiKeysEnabled()],
  ['set-legacy-api-keys', (access) => createSupabaseCredentials(access).setLegacyApiKeysEnabled(false)],
  ['list-signing-keys', (access) => createSupabaseCredentials(access).signingKeys()],
  ['create-signing-key', (access) => createSupabaseCredentials(access).addSigningKey(newSigningKey())],
  ['move-signing-key', (access) => createSupabaseCredentials(access).useSigningKey(unknownId)],
  ['move-signing-key', (access) => createSupabaseCredentials(access).revokeSigningKey(unknownId)],
  ['get-ssl-enforcement', (access) => createSupabaseSecurity(access).sslEnforcement()],
  ['set-ssl-enforcement', (access) => createSupabaseSecurity(access).enforceSsl(true)],
  ['get-advice', (access) => createSupabaseSecurity(access).advisories('security')],
  ['get-advice', (access) => createSupabaseSecurity(access).advisories('performance')],
  [
    'get-logs',
    (access) => createSupabaseLogs(access).databaseLog({ from: new Date(0), to: new Date(60_000), limit: 1 }),
  ],
  ['pause', (access) => createSupabasePower(access).pause()],
  ['query-read-only', (access) => createSupabaseReadOnlyQueries(access).queryReadOnly('SELECT 1')],
];

const faults = [
  [{ kind: 'answer', status: 401 }, 'provider-unauthorized', false],
  [{ kind: 'answer', status: 403 }, 'provider-unauthorized', false],
  [{ kind: 'answer', status: 400, body: '{"message":"no"}' }, 'provider-refused', false],
  [{ kind: 'answer', status: 404, body: '{"message":"no"}' }, 'provider-refused', false],
  [{ kind: 'answer', status: 408 }, 'provider-timeout', true],
  [{ kind: 'answer', status: 429, headers: { 'x-ratelimit-reset': '7' } }, 'provider-rate-limited', true],
  [{ kind: 'answer', status: 500, body: '<html>' }, 'provider-unavailable', true],
  [{ kind: 'answer', status: 302 }, 'provider-answer-unknown', false],
  [{ kind: 'drop-before' }, 'provider-unavailable', true],
  [{ kind: 'latency', ms: 60_000 }, 'provider-timeout', true],
] as const;

describe('every call to Supabase', () => {
  let production: SupabaseProduction;

  beforeAll(async () => {
    production = await startSupabaseProduction();
  });
  afterEach(() => production.supabase.faults.clear());
  afterAll(() => production?.dispose());

  test.each(calls.map(([operation, ask], index) => [`${operation} (${index})`, operation, ask] as const))(
    '%s fails with a type of our own, which says whether it is tried again, and one sentence on what happened',
    async (_, operation, ask) => {
      const { url, projectRef, accessToken, faults: sandboxFaults, calls: log } = production.supabase;
      const access = { baseUrl: url, projectRef, accessToken, timeoutMs: 5_000 };
      const changesBefore = log.writes().length;
      for (const [fault, type, retried] of faults) {
        sandboxFaults.set(operation, fault, 1);
        const impatient = fault.kind === 'latency' ? { ...access, timeoutMs: 150 } : access;
        const failure = await failureOf(ask(impatient));
        expect(failure).toMatchObject({ type, retried });
        expect(failure.retryAfterMs).toBe(type === 'provider-rate-limited' ? 7_000 : undefined);
        expect(failure.explanation.happened).toMatch(
          /^Supabase [^\n]*\.$|^The connection [^\n]*\.$|^A gateway [^\n]*\.$/,
        );
        expect(failure.message).not.toContain(accessToken);
        sandboxFaults.clear();
      }
      expect(log.writes()).toHaveLength(changesBefore);
    },
  );
});
