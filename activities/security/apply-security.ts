import type {
  SecurityApplied,
  SecurityBaseline,
  SecurityDifference,
} from '../../workflows/contracts/security.ts';
import { heartbeat } from '../database/heartbeat.ts';
import { DrError } from '../errors.ts';
import { restrictNetwork } from '../restore/network-restriction.ts';
import { revokeGrants } from './compare-grants.ts';
import { enableRowSecurity } from './compare-row-security.ts';
import { compareSecurity } from './compare-security.ts';
import type { SecurityDependencies } from './dependencies.ts';

/**
 * Makes a change of who gets in, and takes it back, by the road that needs no connection to the database, where it shut
 * the recovery itself out.
 *
 * @returns whether the change stayed
 */
async function keepingAccess(
  { database }: SecurityDependencies,
  change: () => Promise<void>,
  undo: () => Promise<void>,
): Promise<boolean> {
  await change();
  try {
    await database.session((session) => session.query('SELECT 1'));
    return true;
  } catch (error) {
    if (!(error instanceof DrError)) throw error;
    await undo();
    return false;
  }
}

const shutOut = 'it shut the recovery itself out of the database, and was taken back';

/**
 * Brings production to the baseline, as far as that shuts nobody out who must get in, and reads back what is left.
 * Idempotent: what is as it should be is not touched.
 *
 * @throws DrError `fence-not-in-force`, `database-*`, `provider-*`
 */
export async function applySecurity(
  dependencies: SecurityDependencies,
  baseline: SecurityBaseline,
): Promise<SecurityApplied> {
  const { platform, settings, database, timing } = dependencies;
  const { differences } = await compareSecurity(dependencies, baseline);
  const machine = differences.filter(({ needsPerson }) => needsPerson === null);
  const undone = new Set<SecurityDifference['about']>();
  const about = (subject: SecurityDifference['about']) => machine.filter((each) => each.about === subject);

  if (about('network').length > 0) {
    heartbeat('restricting the network');
    const { allowedCidrs: before } = await platform.networkRestrictions();
    const set = (cidrs: readonly string[]) => restrictNetwork({ platform, timing }, cidrs);
    const stayed = await keepingAccess(
      dependencies,
      () => set(baseline.allowedCidrs),
      () => set(before),
    );
    if (!stayed) undone.add('network');
  }
  if (about('ssl').length > 0) {
    heartbeat('changing the enforcement of TLS');
    const { enforced: before } = await settings.sslEnforcement();
    const stayed = await keepingAccess(
      dependencies,
      () => settings.enforceSsl(baseline.sslEnforced),
      () => settings.enforceSsl(before),
    );
    if (!stayed) undone.add('ssl');
  }
  heartbeat('taking grants back, switching row-level security on');
  await database.session(async (session) => {
    await revokeGrants(session, about('grant'));
    await enableRowSecurity(session, about('row-security'));
  });
  const { differences: left } = await compareSecurity(dependencies, baseline);
  const isLeft = (one: SecurityDifference) =>
    left.some((other) => other.about === one.about && other.what === one.what);
  return {
    applied: machine.filter((one) => !isLeft(one)),
    left: left.map((one) => (undone.has(one.about) ? { ...one, needsPerson: shutOut } : one)),
  };
}
