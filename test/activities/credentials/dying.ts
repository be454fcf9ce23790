import type { CredentialDependencies } from '../../../activities/credentials/index.ts';

/** A worker's dependencies that end everything at one of their changing calls, as the death of the worker would. */
export interface DyingDependencies {
  readonly dependencies: CredentialDependencies;
  /** Whether the deadly call was reached. */
  died(): boolean;
}

const changing = new Set<PropertyKey>([
  'write',
  'setDatabasePassword',
  'issueApiKey',
  'revokeApiKey',
  'setLegacyApiKeysEnabled',
  'addSigningKey',
  'useSigningKey',
  'revokeSigningKey',
  'setVariables',
  'session',
]);

/**
 * @param call which of the changing calls is the last one, beginning with 1
 * @param moment whether that call still has its effect; no call has one after it
 */
export function dieAt(
  dependencies: CredentialDependencies,
  call: number,
  moment: 'before' | 'after',
): DyingDependencies {
  let calls = 0;
  const mortal = <T extends object>(thing: T): T =>
    new Proxy(thing, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name);
        if (!changing.has(name) || typeof member !== 'function') return member;
        return async (...given: unknown[]) => {
          calls += 1;
          if (calls > call || (calls === call && moment === 'before')) throw new Error('The worker died.');
          const result: unknown = await Reflect.apply(member, target, given);
          if (calls >= call) throw new Error('The worker died.');
          return result;
        };
      },
    });
  return {
    dependencies: {
      ...dependencies,
      store: mortal(dependencies.store),
      issuer: mortal(dependencies.issuer),
      database: mortal(dependencies.database),
      applicationPlatform: mortal(dependencies.applicationPlatform),
    },
    died: () => calls >= call,
  };
}
