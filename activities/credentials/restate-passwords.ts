import type { CredentialOfKind, RestatedPassword } from '../../workflows/contracts/credentials.ts';
import { heartbeat } from '../database/heartbeat.ts';
import type { CredentialDependencies } from './dependencies.ts';
import { exchangeDatabasePassword } from './exchange-database-password.ts';

/**
 * Sets the kept passwords again where a rewind of the database brought older ones back, which may be stolen ones. Those
 * that the platform sets come first: the worker itself lives by one of them. Safe to repeat.
 *
 * @throws DrError `credential-not-accepted` (retried), the `provider-*` and `database-*` errors, those of the sealed store
 */
export async function restatePasswords(
  dependencies: CredentialDependencies,
  credentials: readonly CredentialOfKind<'database-password'>[],
): Promise<readonly RestatedPassword[]> {
  const ordered = [...credentials].sort(
    (a, b) => Number(b.issuer === 'platform') - Number(a.issuer === 'platform'),
  );
  const restated: RestatedPassword[] = [];
  for (const credential of ordered) {
    const { id, role } = credential;
    heartbeat(`trying the kept password of ${role}`);
    const record = await dependencies.store.read(id);
    if (record === undefined || record.stage === 'sealed') {
      restated.push({ id, role, outcome: 'never-rotated' });
      continue;
    }
    const exchange = exchangeDatabasePassword(dependencies, credential);
    const answer = await exchange.tryOut(record);
    if (answer === 'refused') await exchange.issue(record);
    const outcome = answer === 'accepted' ? 'unchanged' : answer === 'refused' ? 'restated' : 'not-tried';
    restated.push({ id, role, outcome });
  }
  return restated;
}
