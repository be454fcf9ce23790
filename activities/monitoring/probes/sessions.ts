import type { DatabaseSession } from '../../ports.ts';
import { readSessions } from '../../security/evidence-parts.ts';
import type { LookContext } from '../look.ts';
import { strangersAmong } from '../networks.ts';
import type { Reading } from '../reading.ts';

const mostNamed = 3;

/** Where open sessions come from. Those over a local socket, and those whose address is hidden, are passed over. */
export async function probeNetworks(
  session: DatabaseSession,
  { monitor }: Pick<LookContext, 'monitor'>,
): Promise<Reading> {
  const sessions = (await readSessions(session)).filter(({ address }) => address !== null);
  const addresses = sessions.map(({ address }) => address ?? '');
  const strangers = await strangersAmong(session, addresses, monitor.knownNetworks);
  const strange = sessions.filter(({ address }) => strangers.has(address ?? ''));
  const who = new Set(strange.map(({ role, address }) => `${role ?? 'an unknown role'} from ${address}`));
  return {
    signal: 'unknown-networks',
    verdict: strange.length > 0 ? 'bad' : 'good',
    found:
      strange.length > 0
        ? `${strange.length} of ${sessions.length} sessions come from unknown networks: ${[...who].slice(0, mostNamed).join(', ')}.`
        : `${sessions.length} sessions, all from known networks.`,
    expected: 'sessions from the networks of the policy only',
  };
}
