import type { CredentialProof, DeclaredCredential } from '../../workflows/contracts/credentials.ts';
import { heartbeat } from '../database/heartbeat.ts';
import { DrError } from '../errors.ts';
import type { CredentialExchange } from './exchange.ts';
import { fingerprint } from './fingerprint.ts';
import type { CredentialStore } from './sealed-credential.ts';

/**
 * Tries the new secret and every old one that is known, by real logins or requests. It changes nothing.
 *
 * @throws DrError `input-invalid` for a credential that was never rotated here; the errors of its issuer, of the sealed
 *   store and of the database
 */
export async function proveCredential(
  { store, exchange }: { readonly store: CredentialStore; readonly exchange: CredentialExchange },
  { id, kind }: DeclaredCredential,
): Promise<CredentialProof> {
  const record = await store.read(id);
  if (record === undefined) {
    throw new DrError('input-invalid', {
      happened: `The credential ${id} was never rotated here.`,
      meaning: 'There is no new secret to try and no old one that has to be refused.',
      next: 'Rotate it first.',
    });
  }
  heartbeat(`trying the new secret of ${id}`);
  const current = { fingerprint: fingerprint(record.secret), answer: await exchange.tryOut(record) };
  const former = [];
  for (const secret of record.former) {
    heartbeat(`trying an old secret of ${id}`);
    former.push({ fingerprint: fingerprint(secret.secret), answer: await exchange.tryOut(secret) });
  }
  const tried = former.filter(({ answer }) => answer !== 'not-tried');
  return {
    id,
    kind,
    proved:
      current.answer === 'accepted' && tried.length > 0 && tried.every(({ answer }) => answer === 'refused'),
    current,
    former,
    by: exchange.triedBy,
    at: new Date().toISOString(),
  };
}
