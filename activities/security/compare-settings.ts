import type { SecurityBaseline, SecurityDifference } from '../../workflows/contracts/security.ts';
import { sameCidrs } from '../restore/network-restriction.ts';
import type { SecurityDependencies } from './dependencies.ts';

/** Modes of a connection string that never go without TLS. */
const encryptedModes = new Set(['require', 'verify-ca', 'verify-full', 'no-verify']);

function isEncrypted(connectionString: string): boolean {
  const { searchParams } = new URL(connectionString);
  return searchParams.get('ssl') === 'true' || encryptedModes.has(searchParams.get('sslmode') ?? '');
}

/**
 * Network restrictions and the enforcement of TLS against the baseline. Enforcing what the recovery itself does not use
 * is for a person.
 *
 * @throws DrError `database-*`, `provider-*`
 */
export async function compareSettings(
  {
    platform,
    settings,
    acceptedConnectionString,
  }: Pick<SecurityDependencies, 'platform' | 'settings' | 'acceptedConnectionString'>,
  { allowedCidrs, sslEnforced }: SecurityBaseline,
): Promise<readonly SecurityDifference[]> {
  const [network, ssl] = await Promise.all([platform.networkRestrictions(), settings.sslEnforcement()]);
  const differences: SecurityDifference[] = [];
  if (!network.inForce || !sameCidrs(network.allowedCidrs, allowedCidrs)) {
    differences.push({
      about: 'network',
      what: 'who may connect to the database',
      found: `${network.allowedCidrs.join(', ') || 'nobody'}${network.inForce ? '' : ' (not in force yet)'}`,
      wanted: allowedCidrs.join(', ') || 'nobody',
      needsPerson: null,
    });
  }
  if (ssl.enforced !== sslEnforced || !ssl.inForce) {
    const state = (enforced: boolean) => (enforced ? 'TLS only' : 'with and without TLS');
    const shutsOut = sslEnforced && !isEncrypted(await acceptedConnectionString());
    differences.push({
      about: 'ssl',
      what: 'connections to the database',
      found: `${state(ssl.enforced)}${ssl.inForce ? '' : ' (not in force yet)'}`,
      wanted: state(sslEnforced),
      needsPerson: shutsOut ? 'DATABASE_URL of the worker does not ask for TLS (sslmode)' : null,
    });
  }
  return differences;
}
