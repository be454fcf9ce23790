import { createHash } from 'node:crypto';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const packages = fileURLToPath(new URL('../../../node_modules', import.meta.url));
const variable = 'SANDBOX_BUILDS';

/**
 * From here on, this process and its children build each program and each set of workflows once. For a run whose
 * sources do not change meanwhile.
 *
 * @returns removes the builds
 */
export async function shareBuilds(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'vendhub-builds-'));
  // A program finds its packages by the folders above it.
  await symlink(packages, join(folder, 'node_modules'));
  process.env[variable] = folder;
  return async () => {
    delete process.env[variable];
    await rm(folder, { recursive: true, force: true });
  };
}

/**
 * Where the build of a source belongs; whoever finds nothing there builds it beside that and renames it.
 *
 * @param source path of the main file
 * @returns `undefined` while builds are not shared
 */
export function buildOf(source: string, ending: string): string | undefined {
  const folder = process.env[variable];
  if (folder === undefined) return undefined;
  const name = basename(source, '.ts');
  const digest = createHash('sha256').update(source).digest('hex').slice(0, 12);
  return join(folder, `${name}-${digest}${ending}`);
}
