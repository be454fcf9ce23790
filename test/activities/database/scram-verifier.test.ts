import { afterAll, beforeAll, expect, it } from 'vitest';
import { computeScramVerifier } from '../../../activities/database/scram-verifier.ts';
import { connectionUrlFor } from '../../sandbox/vendhub/connection-url.ts';
import { run, startVendHubDatabase, type VendHubDatabase } from './vendhub-database.ts';

let vendHub: VendHubDatabase;

beforeAll(async () => {
  vendHub = await startVendHubDatabase();
});
afterAll(() => vendHub.cluster.dispose());

it.each(['plain', `with 'quotes' and "more" \\ %s`, 'ﬁ Ⅷ пароль\u00a0x\u00ad', 'a'.repeat(200)])(
  'stores the verifier of %j so that the server accepts the password and no other',
  async (password) => {
    const verifier = await computeScramVerifier(password);
    expect(verifier).not.toContain(password);
    await run(vendHub.operator, `ALTER ROLE vendhub_app PASSWORD '${verifier}'`);
    const login = (word: string) =>
      vendHub.operator.tryLogin(
        connectionUrlFor(vendHub.applicationUrl, {
          user: 'vendhub_app',
          password: word,
          database: 'vendhub',
        }),
      );
    expect(await login(password)).toBe('accepted');
    expect(await login(`${password}!`)).toBe('refused');
  },
);
