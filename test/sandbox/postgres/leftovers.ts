import { existsSync, readFileSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { type ClusterLayout, clusterLayout } from './layout.ts';

/**
 * Removes clusters below a folder whose owner is dead, and ends their servers. Only needed after even the watchdog was
 * killed.
 *
 * @returns the folders that were removed
 */
export async function removeLeftovers(folderRoot: string): Promise<readonly string[]> {
  const removed: string[] = [];
  for (const entry of await readdir(folderRoot, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    const layout = clusterLayout(join(folderRoot, entry.name));
    const owner = readPid(layout.ownerPid);
    if (owner === undefined || isAlive(owner)) continue;
    await killServer(layout);
    await rm(layout.root, { recursive: true, force: true });
    removed.push(layout.root);
  }
  return removed;
}

async function killServer(layout: ClusterLayout): Promise<void> {
  const pid = readPid(layout.serverPid);
  if (pid === undefined) return;
  const { stdout } = await execa('ps', ['-o', 'args=', '-p', String(pid)], { reject: false });
  if (stdout.includes(layout.configuration)) process.kill(pid, 'SIGKILL');
}

function readPid(file: string): number | undefined {
  const text = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
