import { z } from 'zod';
import type { Reconciliation } from '../../workflows/contracts/evidence.ts';
import type { ApplicationRole } from '../../workflows/contracts/policy.ts';
import type { ApplicationPlatform, Database } from '../ports.ts';
import { setRolePassword } from './set-role-password.ts';
import { describeFailedRead } from './sql-state.ts';

type Item = Reconciliation['items'][number];

const credentials = z
  .url({ protocol: /^postgres(?:ql)?$/ })
  .transform((text) => new URL(text))
  .transform((url) => ({
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
  }))
  .pipe(z.object({ user: z.string().min(1), password: z.string().min(1) }));

/** Poolers take the project's reference behind the role's name: `role.reference`. */
function namesRole(user: string, role: string): boolean {
  return user === role || user.startsWith(`${role}.`);
}

/** `decodeURIComponent` throws on a lone percent sign: such a string cannot be used by the application either. */
function readCredentials(connectionString: string): z.output<typeof credentials> | undefined {
  try {
    return credentials.safeParse(connectionString).data;
  } catch {
    return undefined;
  }
}

/**
 * Sees to it that the application can log in with the password it has: a rewind brings back the one of the target.
 * Does nothing where the login works. The password goes into no result, statement or log.
 *
 * @returns what was found of the role, and what was mended; a person is needed where it cannot be known or mended
 * @throws DrError `database-unreachable` or a retried `provider-*` (retried), and the other `provider-*` errors
 */
export async function mendPassword(
  {
    database,
    applicationPlatform,
  }: { readonly database: Database; readonly applicationPlatform: Pick<ApplicationPlatform, 'variable'> },
  { role, variable }: ApplicationRole,
): Promise<Item> {
  const what = `password of role ${role}`;
  const toPerson = (found: string): Item => ({ what, found, mended: null, needsPerson: true });

  const connectionString = await applicationPlatform.variable(variable);
  if (connectionString === undefined) return toPerson(`the application has no variable ${variable}`);
  const login = readCredentials(connectionString);
  if (login === undefined) return toPerson(`${variable} is not a connection string with user and password`);
  if (!namesRole(login.user, role)) return toPerson(`${variable} logs in as another role`);

  const before = await database.tryLogin(connectionString);
  if (before === 'accepted') {
    return { what, found: 'the application can log in', mended: null, needsPerson: false };
  }
  if (before === 'unreachable') {
    return toPerson(
      'the login could not be tried from here: shut out or no answer; the password is not judged',
    );
  }
  try {
    await database.session((session) => setRolePassword(session, role, login.password));
  } catch (error) {
    return toPerson(
      `the application cannot log in, and the password could not be set. ${describeFailedRead(error)}`,
    );
  }
  if ((await database.tryLogin(connectionString)) !== 'accepted') {
    return toPerson('the application cannot log in, also after its password was set');
  }
  return {
    what,
    found: 'the application could not log in: the rewind brought back an older password',
    mended: `set to the one in ${variable}; the login works`,
    needsPerson: false,
  };
}
