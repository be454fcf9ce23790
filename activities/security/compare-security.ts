import type { SecurityBaseline, SecurityComparison } from '../../workflows/contracts/security.ts';
import { heartbeat } from '../database/heartbeat.ts';
import { DrError } from '../errors.ts';
import { compareGrants } from './compare-grants.ts';
import { compareRowSecurity } from './compare-row-security.ts';
import { compareSettings } from './compare-settings.ts';
import type { SecurityDependencies } from './dependencies.ts';

/** The platform's own advice counts where it warns; a provider that does not answer leaves the comparison whole. */
async function readAdvice({ settings }: SecurityDependencies): Promise<readonly string[] | null> {
  try {
    const advisories = await settings.advisories('security');
    return advisories
      .filter(({ level }) => level !== 'information')
      .map(({ level, name, object }) => [level, name, object].filter((part) => part !== null).join(' '));
  } catch (error) {
    if (error instanceof DrError) return null;
    throw error;
  }
}

/**
 * Holds the baseline against production. Reads only.
 *
 * @throws DrError `database-*` and `provider-*`
 */
export async function compareSecurity(
  dependencies: SecurityDependencies,
  baseline: SecurityBaseline,
): Promise<SecurityComparison> {
  heartbeat('comparing with the security baseline');
  const settings = await compareSettings(dependencies, baseline);
  const inside = await dependencies.database.session(async (session) => [
    ...(await compareGrants(session, baseline)),
    ...(await compareRowSecurity(session, baseline)),
  ]);
  return {
    differences: [...settings, ...inside],
    advice: await readAdvice(dependencies),
    at: new Date().toISOString(),
  };
}
