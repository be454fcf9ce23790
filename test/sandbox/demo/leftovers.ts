import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Programs that a sandbox starts; a process of the loader that runs this file is none of them. */
const sandboxPrograms = /postgres|weed|temporal|vendhub|sandbox/;

/** How long ended processes may take to be gone from the table, ms. */
const patienceMs = 5_000;

/**
 * What is still there of a sandbox that was stopped: processes below this one, and folders.
 *
 * @param folders that must be gone
 * @returns one line each; empty when nothing is left
 */
export async function leftovers(folders: readonly string[]): Promise<string[]> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const left = [...(await processesLeft()), ...(await foldersLeft(folders))];
    if (left.length === 0 || Date.now() > deadline) return left;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function processesLeft(): Promise<string[]> {
  const { stdout } = await run('ps', ['-eo', 'pid=,ppid=,args=']);
  const processes = stdout.split('\n').flatMap((line) => {
    const [, pid, parent, command] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return pid === undefined || command === undefined
      ? []
      : [{ pid: Number(pid), parent: Number(parent), command }];
  });
  const below = (pid: number): typeof processes =>
    processes.filter(({ parent }) => parent === pid).flatMap((child) => [child, ...below(child.pid)]);
  return below(process.pid)
    .filter(({ command }) => sandboxPrograms.test(command) && !command.startsWith('ps '))
    .map(({ pid, command }) => `process ${pid}: ${command}`);
}

async function foldersLeft(folders: readonly string[]): Promise<string[]> {
  const states = await Promise.all(
    folders.map((folder) =>
      access(folder).then(
        () => [`folder ${folder}`],
        () => [],
      ),
    ),
  );
  return states.flat();
}
