import { createPrivateKey, sign } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  createSupabaseApiProbe,
  createSupabaseCredentials,
} from '../../../../activities/adapters/supabase/index.ts';
import type { ApiProbe, CredentialIssuer, PrivateSigningKey } from '../../../../activities/ports.ts';
import { newSigningKey } from '../../../sandbox/supabase/new-signing-key.ts';
import { type SupabaseProduction, startSupabaseProduction } from '../../../sandbox/supabase/production.ts';
import { failureOf } from '../../failure-of.ts';

/** A token of five minutes, signed as the provider's documents say. */
function tokenOf({ kid, x, y, d }: PrivateSigningKey, id = kid): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = { role: 'authenticated', exp: Math.floor(Date.now() / 1000) + 300 };
  const signed = `${part({ alg: 'ES256', typ: 'JWT', kid: id })}.${part(claims)}`;
  const key = createPrivateKey({ key: { kty: 'EC', crv: 'P-256', x, y, d }, format: 'jwk' });
  const signature = sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' });
  return `${signed}.${signature.toString('base64url')}`;
}

describe('the credentials of a Supabase project', () => {
  let production: SupabaseProduction;
  let credentials: CredentialIssuer;
  let probe: ApiProbe;

  beforeAll(async () => {
    production = await startSupabaseProduction();
    const { url, projectRef, accessToken } = production.supabase;
    credentials = createSupabaseCredentials({ baseUrl: url, projectRef, accessToken, timeoutMs: 5_000 });
    probe = createSupabaseApiProbe({ projectUrl: url, timeoutMs: 5_000 });
  });
  afterEach(() => production.supabase.faults.clear());
  afterAll(() => production?.dispose());

  const loginWith = (password: string) =>
    production.database.tryLogin(
      production.cluster.connectionString({ ...production.operator, password }, 'vendhub'),
    );

  test('a new database password lets in and the old one does not, also when its answer was lost', async () => {
    const { password: old } = production.operator;
    production.supabase.faults.set('set-password', { kind: 'drop-after' }, 1);
    const password = 'a new one, with "quotes" & /';
    expect(await failureOf(credentials.setDatabasePassword(password))).toMatchObject({
      type: 'provider-unavailable',
      retried: true,
    });
    await credentials.setDatabasePassword(password);
    expect(await loginWith(old)).toBe('refused');
    expect(await loginWith(password)).toBe('accepted');
    expect(JSON.stringify(production.supabase.calls.all())).not.toContain('quotes');
    await credentials.setDatabasePassword(old);
    expect(await loginWith(old)).toBe('accepted');
  });

  test('a password that the provider repeats in a refusal is not shown', async () => {
    const body = JSON.stringify({ message: 'password "too weak a word" is too weak' });
    production.supabase.faults.set('set-password', { kind: 'answer', status: 400, body }, 1);
    const failure = await failureOf(credentials.setDatabasePassword('too weak a word'));
    expect(failure.message).toContain('password "***" is too weak');
    expect(failure.message).not.toContain('too weak a word');
  });

  test.each(['drop-after', 'drop-before'] as const)(
    'a key whose making ended in %s is there once after another try, and gets in until it is taken back',
    async (kind) => {
      const wanted = { kind: 'secret', name: `made_${kind.replace('-', '_')}` } as const;
      production.supabase.faults.set('create-api-key', { kind }, 1);
      expect((await failureOf(credentials.issueApiKey(wanted))).retried).toBe(true);
      const { id, secret } = await credentials.issueApiKey(wanted);
      expect(await credentials.issueApiKey(wanted)).toEqual({ id, secret });
      expect((await credentials.apiKeys()).filter(({ name }) => name === wanted.name)).toEqual([
        { id, name: wanted.name, kind: 'secret', secret: null },
      ]);
      expect(await probe.tryAccess({ apiKey: secret })).toBe('accepted');

      production.supabase.faults.set('delete-api-key', { kind }, 1);
      expect((await failureOf(credentials.revokeApiKey(id, 'stolen'))).retried).toBe(true);
      await credentials.revokeApiKey(id, 'stolen');
      await credentials.revokeApiKey(id, 'stolen');
      expect(await probe.tryAccess({ apiKey: secret })).toBe('refused');
    },
  );

  test('legacy keys get in while they are on and not when they are off', async () => {
    const keys = await credentials.apiKeys({ reveal: true });
    const legacy = keys.filter(({ kind }) => kind === 'legacy');
    expect(legacy.map(({ id, name }) => [id, name])).toEqual([
      [null, 'anon'],
      [null, 'service_role'],
    ]);
    const attempts = () => Promise.all(legacy.map(({ secret }) => probe.tryAccess({ apiKey: secret ?? '' })));
    expect(await attempts()).toEqual(['accepted', 'accepted']);
    await credentials.setLegacyApiKeysEnabled(false);
    expect(await credentials.legacyApiKeysEnabled()).toBe(false);
    expect(await attempts()).toEqual(['refused', 'refused']);
    await credentials.setLegacyApiKeysEnabled(true);
    expect(await attempts()).toEqual(['accepted', 'accepted']);
  });

  test('a secret key reads tables that a publishable one may not', async () => {
    await production.query('CREATE TABLE public.users (email text)');
    const keys = await credentials.apiKeys({ reveal: true });
    const ofKind = (wanted: string) => keys.find(({ kind }) => kind === wanted)?.secret ?? '';
    const visible = (kind: string, table: string) => probe.visibleRows({ apiKey: ofKind(kind), table });
    expect(await visible('secret', 'users')).toBe(0);
    await production.query(`INSERT INTO public.users VALUES ('a@b'), ('c@d')`);
    expect(await visible('secret', 'users')).toBe(1);
    expect(await visible('publishable', 'users')).toBe('refused');
    expect(await visible('publishable', 'no_such_table')).toBe('refused');
    expect(await probe.tryAccess({ apiKey: ofKind('publishable') })).toBe('accepted');
  });

  test('tokens follow their key: accepted from standby on, refused once it is revoked', async () => {
    const apiKey =
      (await credentials.apiKeys({ reveal: true })).find(({ kind }) => kind === 'publishable')?.secret ?? '';
    const attempt = (key: PrivateSigningKey, id?: string) =>
      probe.tryAccess({ apiKey, token: tokenOf(key, id) });
    const statusOf = async (id: string) =>
      (await credentials.signingKeys()).find((key) => key.id === id)?.status;
    const [first, second] = [newSigningKey(), newSigningKey()];
    expect(await attempt(first)).toBe('refused');

    production.supabase.faults.set('create-signing-key', { kind: 'drop-after' }, 1);
    await failureOf(credentials.addSigningKey(first));
    const firstId = await credentials.addSigningKey(first);
    expect(await statusOf(firstId)).toBe('standby');
    expect(await attempt(first, firstId)).toBe('accepted');
    await credentials.useSigningKey(firstId);

    const secondId = await credentials.addSigningKey(second);
    production.supabase.faults.set('move-signing-key', { kind: 'drop-after' }, 1);
    await failureOf(credentials.useSigningKey(secondId));
    await credentials.useSigningKey(secondId);
    expect(await statusOf(firstId)).toBe('previously-used');
    expect(await attempt(first, firstId)).toBe('accepted');

    await credentials.revokeSigningKey(firstId);
    await credentials.revokeSigningKey(firstId);
    expect(await attempt(first, firstId)).toBe('refused');
    expect(await attempt(second, secondId)).toBe('accepted');
    // A key of one's own under the id of a live one is still another key.
    expect(await attempt(newSigningKey(), secondId)).toBe('refused');
    expect(JSON.stringify(production.supabase.calls.all())).not.toContain(second.d);
  });

  test('the legacy secret is revoked only after the keys that it signed are off', async () => {
    const legacy = (await credentials.signingKeys()).find(({ algorithm }) => algorithm === 'HS256');
    const revoke = () => credentials.revokeSigningKey(legacy?.id ?? '');
    expect(await failureOf(revoke())).toMatchObject({ type: 'provider-refused' });
    await credentials.setLegacyApiKeysEnabled(false);
    await revoke();
    const keys = await credentials.apiKeys({ reveal: true });
    const apiKey = keys.find(({ kind }) => kind === 'publishable')?.secret ?? '';
    const token = keys.find(({ name }) => name === 'anon')?.secret ?? '';
    expect(await probe.tryAccess({ apiKey, token })).toBe('refused');
  });

  test('words that are new are survived', async () => {
    const { faults } = production.supabase;
    const answer = (body: object) => ({ kind: 'answer', status: 200, body: JSON.stringify(body) }) as const;
    faults.set('list-api-keys', answer([{ name: 'n', id: 'i', type: 'quantum', color: 1 }]), 1);
    expect(await credentials.apiKeys()).toEqual([{ id: 'i', name: 'n', kind: 'unknown', secret: null }]);
    const key = { id: 'i', algorithm: 'PQC', status: 'resting', created_at: '2026-01-01T00:00:00Z' };
    faults.set('list-signing-keys', answer({ keys: [{ ...key, extra: {} }] }), 1);
    expect(await credentials.signingKeys()).toMatchObject([{ status: 'unknown', rawStatus: 'resting' }]);
  });

  test('a probe says unreachable for what tells nothing about the key', async () => {
    production.supabase.faults.set('rest', { kind: 'answer', status: 503 }, 1);
    expect(await probe.tryAccess({ apiKey: 'any' })).toBe('unreachable');
    production.supabase.faults.set('rest', { kind: 'drop-before' }, 1);
    expect(await probe.tryAccess({ apiKey: 'any' })).toBe('unreachable');
  });
});
