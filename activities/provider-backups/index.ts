import type { OperationCheck } from '../../workflows/contracts/operations.ts';
import type { Database, DatabasePlatform } from '../ports.ts';
import { checkDatabase, type DatabaseExpectation } from './check-database.ts';
import { checkProvider, type ProviderExpectation } from './check-provider.ts';

/** What the activities need. */
export interface ProviderBackupsDependencies {
  readonly platform: DatabasePlatform;
  readonly database: Database;
}

/** Activities that look at the provider's own backups, and at the database as the procedure's script does. */
export function createProviderBackupsActivities(deps: ProviderBackupsDependencies) {
  return {
    /** See {@link checkProvider}. */
    checkProviderBackups: (expectation: ProviderExpectation): Promise<readonly OperationCheck[]> =>
      checkProvider(deps.platform, expectation),
    /** See {@link checkDatabase}. */
    checkDatabase: (expectation: DatabaseExpectation): Promise<readonly OperationCheck[]> =>
      checkDatabase(deps.database, expectation),
  };
}

/** The activities as a workflow calls them. */
export type ProviderBackupsActivities = ReturnType<typeof createProviderBackupsActivities>;
