import type { ApplicationPlatform, DatabasePlatform, Mailer } from '../activities/ports.ts';
import { assertAttemptHeld } from './attempt-hold.ts';

/**
 * A database platform that changes nothing for an attempt that is not this worker's any more.
 *
 * @returns a platform whose changes throw as {@link assertAttemptHeld} does; a restore request is answered `not-sent`
 */
export function guardDatabasePlatform(platform: DatabasePlatform): DatabasePlatform {
  return {
    ...platform,
    requestPointInTimeRestore: async (input) => {
      try {
        assertAttemptHeld('request the restore');
      } catch (error) {
        return { kind: 'not-sent', reason: error instanceof Error ? error.message : String(error) };
      }
      return platform.requestPointInTimeRestore(input);
    },
    restrictNetwork: guarded('change the network restrictions', platform.restrictNetwork),
  };
}

/**
 * An application platform that changes nothing for an attempt that is not this worker's any more.
 *
 * @returns a platform whose changes throw as {@link assertAttemptHeld} does
 */
export function guardApplicationPlatform(platform: ApplicationPlatform): ApplicationPlatform {
  return {
    ...platform,
    setAutoDeploy: guarded('change the automatic deployments', platform.setAutoDeploy),
    cancelDeployment: guarded('cancel a deployment', platform.cancelDeployment),
    stopDeployment: guarded('stop a deployment', platform.stopDeployment),
    redeploy: guarded('deploy a build again', platform.redeploy),
    restartDeployment: guarded('restart a deployment', platform.restartDeployment),
    rollbackTo: guarded('roll back to a deployment', platform.rollbackTo),
  };
}

/**
 * A mailer that sends nothing for an attempt that is not this worker's any more.
 *
 * @returns a mailer that throws as {@link assertAttemptHeld} does
 */
export function guardMailer(mailer: Mailer): Mailer {
  return { send: guarded('send a mail', mailer.send) };
}

function guarded<Argument, Result>(
  change: string,
  make: (argument: Argument) => Promise<Result>,
): (argument: Argument) => Promise<Result> {
  return async (argument) => {
    assertAttemptHeld(change);
    return make(argument);
  };
}
