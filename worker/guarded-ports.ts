import type {
  ApplicationPlatform,
  CredentialIssuer,
  DatabasePlatform,
  Mailer,
  PlatformPower,
  SecuritySettings,
} from '../activities/ports.ts';
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
    setVariables: guarded('set variables of the application', platform.setVariables),
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

/**
 * An issuer that makes and takes back nothing for an attempt that is not this worker's any more.
 *
 * @returns an issuer whose changes throw as {@link assertAttemptHeld} does
 */
export function guardCredentialIssuer(issuer: CredentialIssuer): CredentialIssuer {
  return {
    ...issuer,
    setDatabasePassword: guarded('set the database password', issuer.setDatabasePassword),
    issueApiKey: guarded('make an API key', issuer.issueApiKey),
    revokeApiKey: guarded('take an API key back', issuer.revokeApiKey),
    setLegacyApiKeysEnabled: guarded('switch the legacy API keys', issuer.setLegacyApiKeysEnabled),
    addSigningKey: guarded('add a signing key', issuer.addSigningKey),
    useSigningKey: guarded('let a signing key sign', issuer.useSigningKey),
    revokeSigningKey: guarded('revoke a signing key', issuer.revokeSigningKey),
  };
}

/**
 * Security settings that are not changed for an attempt that is not this worker's any more.
 *
 * @returns settings whose changes throw as {@link assertAttemptHeld} does
 */
export function guardSecuritySettings(settings: SecuritySettings): SecuritySettings {
  return { ...settings, enforceSsl: guarded('change the enforcement of TLS', settings.enforceSsl) };
}

/**
 * A switch of the project that is not touched for an attempt that is not this worker's any more.
 *
 * @returns a switch that throws as {@link assertAttemptHeld} does
 */
export function guardPlatformPower(power: PlatformPower): PlatformPower {
  return {
    pause: guarded('pause the project', power.pause),
    unpause: guarded('unpause the project', power.unpause),
  };
}

function guarded<Given extends readonly unknown[], Result>(
  change: string,
  make: (...given: Given) => Promise<Result>,
): (...given: Given) => Promise<Result> {
  return async (...given) => {
    assertAttemptHeld(change);
    return make(...given);
  };
}
