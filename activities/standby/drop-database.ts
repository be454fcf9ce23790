import { quoteIdentifier } from '../database/identifiers.ts';
import { DrError } from '../errors.ts';
import { requireStandby, type StandbyDependencies } from './dependencies.ts';

/** As the runbook names the databases that it makes; no other one is ever dropped. */
const ownName = /^vendhub_standby_[0-9a-f]{8}$/;

/** Whether a database has the name of one that this runbook makes. */
export const isStandbyDatabase = (database: string): boolean => ownName.test(database);

/**
 * Drops a database that this runbook made on the standby server, with the sessions in it. One that is not there is
 * success.
 *
 * @throws DrError `input-invalid` for any other name, `standby-missing`, `database-unreachable` (retried)
 */
export async function dropStandbyDatabase(
  deps: Pick<StandbyDependencies, 'standby'>,
  { database }: { readonly database: string },
): Promise<void> {
  if (!isStandbyDatabase(database)) {
    throw new DrError('input-invalid', {
      happened: `The database "${database}" was not made by this runbook.`,
      meaning: 'It was not dropped.',
      next: 'Drop it by hand if it is not needed.',
    });
  }
  const standby = requireStandby(deps);
  await standby
    .openDatabase(standby.databaseUrl)
    .session((session) => session.query(`DROP DATABASE IF EXISTS ${quoteIdentifier(database)} WITH (FORCE)`));
}
