import { execa } from 'execa';

/** The account that a server runs under, as numbers for `spawn`. */
export interface ServerAccount {
  readonly uid: number;
  readonly gid: number;
}

/** Whether this process runs as root, whom PostgreSQL refuses. */
export function runsAsRoot(): boolean {
  return process.getuid?.() === 0;
}

/**
 * The account to run a server under that refuses root: `postgres` where it exists, else `nobody`.
 *
 * @returns `undefined` for an ordinary user, who runs the server as oneself
 * @throws Error when the machine has neither account
 */
export async function serverAccount(): Promise<ServerAccount | undefined> {
  if (!runsAsRoot()) return undefined;
  for (const name of ['postgres', 'nobody']) {
    const uid = await accountNumber('-u', name);
    const gid = await accountNumber('-g', name);
    if (uid !== undefined && gid !== undefined) return { uid, gid };
  }
  throw new Error(
    'Root must run PostgreSQL under another account, and there is neither postgres nor nobody.',
  );
}

async function accountNumber(option: '-u' | '-g', name: string): Promise<number | undefined> {
  const { failed, stdout } = await execa('id', [option, name], { reject: false });
  return failed || !/^\d+$/.test(stdout) ? undefined : Number(stdout);
}
