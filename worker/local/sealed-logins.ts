import type { DatabaseLogins } from '../../activities/ports.ts';

/**
 * How a command without Temporal gets into production after its password was exchanged: by what the sealed store keeps,
 * where the variables of the object store and the passphrase are set. None where they are not. All that this needs is
 * loaded only where the configured password is refused, so that a command starts as quickly as before.
 *
 * @param operatorUrl production's connection string, never another database's: these passwords are for production alone
 */
export function sealedLogins(operatorUrl: string, environment: NodeJS.ProcessEnv): DatabaseLogins {
  return async function* () {
    const { readSealedLogins } = await import('./read-sealed-logins.ts');
    yield* readSealedLogins(operatorUrl, environment);
  };
}
