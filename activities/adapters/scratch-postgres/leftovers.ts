import { readFileSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { type ServerLayout, serverLayout } from './server-layout.ts';

/**
 * Removes servers below a folder whose owner is dead, and ends their processes. Needed where even the watchdog was
 * killed, as when a container ends.
 *
 * @param options.prefix looks only at folders whose names begin so; at all when not given
 * @param options.inUse tells whether this process uses a folder that bears its own process id; yes when not given. After
 *   a restart of a container the new process often has the number of the old one.
 * @returns the folders that were removed
 */
export async function removeLeftovers(
  folderRoot: string,
  {
    prefix = '',
    inUse = () => true,
  }: { readonly prefix?: string; readonly inUse?: (root: string) => boolean } = {},
): Promise<readonly string[]> {
  const removed: string[] = [];
  for (const entry of await readdir(folderRoot, { withFileTypes: true })) {
    if (!entry.isDirectory() || !entry.name.startsWith(prefix)) continue;
    const layout = serverLayout(join(folderRoot, entry.name));
    const owner = readPid(layout.ownerPid);
    if (owner === undefined) continue;
    if (owner === process.pid ? inUse(layout.root) : isAlive(owner)) continue;
    await killServer(layout);
    await rm(layout.root, { recursive: true, force: true, maxRetries: 5 });
    removed.push(layout.root);
  }
  return removed;
}

async function killServer(layout: ServerLayout): Promise<void> {
  const pid = readPid(layout.serverPid);
  if (pid === undefined) return;
  const { stdout } = await execa('ps', ['-o', 'args=', '-p', String(pid)], { reject: false });
  if (!stdout.includes(layout.configuration)) return;
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself in the meantime.
  }
}

/** Undefined also for a file that goes while it is looked at: its watchdog may be removing the same folder. */
function readPid(file: string): number | undefined {
  try {
    const text = readFileSync(file, 'utf8').trim();
    return /^\d+$/.test(text) ? Number(text) : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // A process of another account: it lives, and its folder is not ours to remove.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
