import { z } from 'zod';
import type { FingerprintParts } from '../../workflows/contracts/fingerprint.ts';
import { readRow } from '../database/rows.ts';
import type { FingerprintDependencies } from './dependencies.ts';
import { hashParts } from './hash-parts.ts';

const versionRow = z.object({ version: z.string() });

/**
 * How the providers are set up, as far as a recovery depends on it. Of the restore window only whether it is as long as
 * the policy wants: its length changes by the second.
 *
 * @throws DrError `provider-*` and `database-*`
 */
export async function providerParts({
  platform,
  settings,
  database,
  application,
  policy,
}: FingerprintDependencies): Promise<FingerprintParts> {
  const [project, { pitrEnabled, window }, { allowedCidrs }, { enforced }, { version }] = await Promise.all([
    platform.identity(),
    platform.recoverability(),
    platform.networkRestrictions(),
    settings.sslEnforcement(),
    database.session((session) =>
      readRow(session, versionRow, `SELECT current_setting('server_version') AS version`),
    ),
  ]);
  const { windowMs } = policy.backups.provider;
  return hashParts({
    project: { provider: project.provider, ref: project.ref },
    region: project.region,
    'point-in-time recovery': pitrEnabled,
    'restore window': window !== null && (window.latestUnix - window.earliestUnix) * 1000 >= windowMs,
    'network restrictions': [...allowedCidrs].sort(),
    'TLS enforcement': enforced,
    'PostgreSQL version': version,
    application,
  });
}
