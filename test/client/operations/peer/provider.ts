import { DrError } from '../../../../activities/errors.ts';
import type { DatabasePlatform } from '../../../../activities/ports.ts';
import {
  createProviderBackupsActivities,
  type ProviderBackupsActivities,
} from '../../../../activities/provider-backups/index.ts';
import { environmentIs, unreachableDatabase } from './environment.ts';

const unused = async () => {
  throw new Error('No operation asks the provider for this.');
};

/** A provider with daily backups and no PITR, or with a window of eight days. */
function platform(pitrEnabled: boolean): DatabasePlatform {
  const nowUnix = Math.floor(Date.now() / 1000);
  return {
    identity: unused,
    status: unused,
    services: unused,
    recoverability: async () => ({
      pitrEnabled,
      window: pitrEnabled ? { earliestUnix: nowUnix - 8 * 86_400, latestUnix: nowUnix - 90 } : null,
      backups: [],
    }),
    dailyBackupTime: async () => '02:00:00',
    requestPointInTimeRestore: unused,
    networkRestrictions: unused,
    restrictNetwork: unused,
  };
}

/** The provider's real checks, of a provider and a database that stand in. */
export const provider: ProviderBackupsActivities = {
  checkProviderBackups: async (expectation) => {
    if (environmentIs('provider-down')) {
      throw new DrError('provider-unauthorized', {
        happened: 'The provider refused the token.',
        meaning: 'Its backups cannot be looked at.',
        next: 'Make a new token.',
      });
    }
    return createProviderBackupsActivities({
      platform: platform(!environmentIs('no-backups')),
      database: unreachableDatabase,
    }).checkProviderBackups(expectation);
  },
  checkDatabase: async (expectation) => {
    if (!environmentIs('database-down')) {
      const users = environmentIs('few-users') ? 7 : 250;
      const expected = `an answer, and at least ${expectation.minimumUsers} users`;
      return [
        {
          name: 'database answers',
          passed: users >= expectation.minimumUsers,
          found: `${users} users`,
          expected,
        },
      ];
    }
    return createProviderBackupsActivities({
      platform: platform(true),
      database: unreachableDatabase,
    }).checkDatabase(expectation);
  },
};
