import { randomBytes } from 'node:crypto';
import type { CredentialOfKind } from '../../workflows/contracts/credentials.ts';
import type { CredentialDependencies } from './dependencies.ts';
import type { CredentialExchange } from './exchange.ts';

/**
 * A random text that the application alone knows. A deployment that was made before goes on with the old one: it is in
 * force once the application was deployed again.
 */
export function exchangeApplicationVariable(
  { applicationPlatform }: CredentialDependencies,
  { bytes, variables }: CredentialOfKind<'application-variable'>,
): CredentialExchange {
  const values = () => Promise.all(variables.map((name) => applicationPlatform.variable(name)));
  return {
    variables,
    triedBy: 'comparing it with the variables of the application; a redeployment puts it in force',
    // Accepted is the value that every new deployment gets; any other is in none of them.
    tryOut: async ({ secret }) =>
      (await values()).every((value) => value === secret) ? 'accepted' : 'refused',
    generate: () => ({ secret: randomBytes(bytes).toString('base64url'), issuedId: null }),
    former: async () =>
      (await values()).flatMap((secret) => (secret === undefined ? [] : [{ secret, issuedId: null }])),
    issue: ({ secret }) => Promise.resolve({ secret, issuedId: null }),
    async putToUse({ secret }) {
      await applicationPlatform.setVariables(
        Object.fromEntries(variables.map((name): [string, string] => [name, secret])),
      );
    },
    revokeFormer: () => Promise.resolve(),
  };
}
