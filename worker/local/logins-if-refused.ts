import type { DatabaseLogins } from '../../activities/ports.ts';

/**
 * The logins of `sealedLogins`, whose object store and keyring are loaded only when the first login was refused: they
 * would make up most of a command's start.
 *
 * @param operatorUrl production's connection string; a secret
 */
export function loginsIfRefused(operatorUrl: string, environment: NodeJS.ProcessEnv): DatabaseLogins {
  return async function* () {
    const { sealedLogins } = await import('./sealed-logins.ts');
    yield* sealedLogins(operatorUrl, environment)();
  };
}
