import { chmod, mkdtemp, readdir, readFile, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { temporaryFolderRoot } from './sandbox/postgres/folder-root.ts';
import { shareBuilds } from './sandbox/process/builds.ts';
import { buildProgram } from './sandbox/process/typescript-program.ts';
import { applicationProgram } from './sandbox/vendhub/application-program.ts';
import { workerProgram } from './sandbox/worker/index.ts';

/** How long ended processes may take to be gone, ms. */
const patienceMs = 60_000;

/**
 * Makes the tests fail when they leave something behind. They all run with temporary folders of their own, which must
 * be empty at the end, and no process may live that works in one of them. Processes are looked at on Linux only. What
 * they build of programs and workflows they share, unless the sources may change between two runs of a test.
 */
export default async function watchForLeaks({ config }: TestProject): Promise<() => Promise<void>> {
  const removeBuilds = config.watch ? async () => {} : await shareBuilds();
  // What cannot be built is started from its sources, and says then what is wrong with it.
  await Promise.allSettled([workerProgram, applicationProgram].map(buildProgram));
  const folders = [await newFolder(tmpdir()), await newFolder(await temporaryFolderRoot())] as const;
  process.env['TSX_DISABLE_CACHE'] = '1';
  [process.env['TMPDIR'], process.env['SANDBOX_CLUSTER_ROOT']] = folders;

  return async () => {
    await removeBuilds();
    const leaks = await settled(async () => [
      ...(await Promise.all(folders.map((folder) => readdir(folder)))).flat().map((name) => `file ${name}`),
      ...(await processesIn(folders)),
    ]);
    for (const folder of folders) await rm(folder, { recursive: true, force: true });
    if (leaks.length === 0) return;
    process.exitCode = 1;
    throw new Error(`The tests left behind:\n${leaks.map((leak) => `  ${leak}`).join('\n')}`);
  };
}

/** A folder that the database's own account can enter. */
async function newFolder(root: string): Promise<string> {
  const folder = await mkdtemp(join(root, 'vendhub-tests-'));
  await chmod(folder, 0o755);
  return folder;
}

async function settled(look: () => Promise<string[]>): Promise<string[]> {
  const giveUpAt = Date.now() + patienceMs;
  for (;;) {
    const seen = await look();
    if (seen.length === 0 || Date.now() > giveUpAt) return seen;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

async function processesIn(folders: readonly string[]): Promise<string[]> {
  if (process.platform !== 'linux') return [];
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  const found = await Promise.all(
    ids.map(async (id) => {
      const [environment, command, workingFolder] = await Promise.all([
        readFile(`/proc/${id}/environ`, 'utf8').catch(() => ''),
        readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => ''),
        readlink(`/proc/${id}/cwd`).catch(() => ''),
      ]);
      const words = command.replaceAll('\0', ' ').trim();
      const traces = [environment, words, workingFolder].join('\0');
      const ours = folders.some((folder) => traces.includes(folder));
      return !ours || words === '' || /vitest|esbuild/.test(words) ? [] : [`process ${id}: ${words}`];
    }),
  );
  return found.flat();
}
