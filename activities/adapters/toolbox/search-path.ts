import { constants } from 'node:fs';
import { access, realpath } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';

/**
 * The folder of the first executable of this name on PATH, links resolved, since a distribution links only some of
 * a server's programs into the common folder.
 *
 * @returns `undefined` when PATH holds none
 */
export async function findOnPath(
  executable: string,
  environment: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  for (const folder of (environment['PATH'] ?? '').split(delimiter).filter((entry) => entry !== '')) {
    const candidate = join(folder, executable);
    const found = await access(candidate, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return dirname(await realpath(candidate));
  }
  return undefined;
}
