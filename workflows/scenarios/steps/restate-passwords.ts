import type { DeclaredCredential } from '../../contracts/credentials.ts';
import { activities } from '../../runbook/activities.ts';
import { action } from '../../runbook/runbook.ts';

/** A rewind brings back the role passwords of then: of before an exchange, so perhaps stolen ones. */
export const restatePasswords = action({
  id: 'restate-passwords',
  title: 'Set passwords again that the rewind brought back',
  phase: 'verifying',
  undo: null,
  skippable:
    'passwords that were exchanged since may be the old ones again: whoever holds one gets in, and the application may not',
  when: ({ policy }) => databasePasswords(policy.security.credentials).length > 0,
  run: async ({ policy }) => ({
    restatedPasswords: await activities.credentials.restatePasswords(
      databasePasswords(policy.security.credentials),
    ),
  }),
  summary: ({ fact }) =>
    fact('restatedPasswords')
      .map(({ role, outcome }) => `${role}: ${outcome}`)
      .join(', '),
});

function databasePasswords(credentials: readonly DeclaredCredential[]) {
  return credentials.flatMap((credential) => (credential.kind === 'database-password' ? [credential] : []));
}
