import type { AccessAnswer } from '../../workflows/contracts/credentials.ts';
import { DrError } from '../errors.ts';
import { poll } from '../restore/poll.ts';

/**
 * Waits until a new secret is accepted: issuers answer before it is in force.
 *
 * @param what names the credential to a person
 * @throws DrError `credential-not-accepted` (retried) when it is not after `settleMs`
 */
export async function awaitAccepted(
  what: string,
  attempt: () => Promise<AccessAnswer>,
  { settleMs, pollMs }: { readonly settleMs: number; readonly pollMs: number },
): Promise<void> {
  await poll(async (elapsedMs) => {
    const answer = await attempt();
    if (answer === 'accepted' || answer === 'not-tried') return { found: true };
    if (elapsedMs < settleMs) return { waitMs: pollMs };
    throw new DrError('credential-not-accepted', {
      happened: `The new secret of ${what} was issued and is ${answer === 'refused' ? 'refused' : 'not reachable to be tried'} after ${Math.round(elapsedMs / 1000)} s.`,
      meaning: 'The new secret is kept, sealed; the old one may be dead already. Nothing else was exchanged.',
      next: 'The step is tried again with the same secret. See whether its issuer is up if this goes on.',
    });
  });
}
