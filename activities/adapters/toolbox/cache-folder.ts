import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { runsAsRoot } from './server-account.ts';

const executableByOthers = 0o001;

/**
 * The first folder on the way to `path` that other accounts may not enter.
 *
 * @returns `undefined` when every existing folder of the path lets them through
 */
export async function folderClosedToOthers(path: string): Promise<string | undefined> {
  const folder = resolve(path);
  const parent = dirname(folder);
  const closedAbove = parent === folder ? undefined : await folderClosedToOthers(parent);
  if (closedAbove !== undefined) return closedAbove;
  const mode = await stat(folder).then(
    (found) => found.mode,
    () => executableByOthers,
  );
  return (mode & executableByOthers) === 0 ? folder : undefined;
}

/**
 * Where unpacked programs are kept: `$XDG_CACHE_HOME` or `~/.cache`, below it `vendhub-dr/toolbox`. Root's home is
 * usually closed to the account that PostgreSQL runs under; root then uses `/var/cache`.
 */
export async function toolboxCacheFolder(environment: NodeJS.ProcessEnv): Promise<string> {
  const userCache = environment['XDG_CACHE_HOME'] || join(environment['HOME'] || homedir(), '.cache');
  const closed = runsAsRoot() && (await folderClosedToOthers(userCache)) !== undefined;
  return join(closed ? '/var/cache' : userCache, 'vendhub-dr', 'toolbox');
}
