import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { folderClosedToOthers } from './cache-folder.ts';
import type { PinnedProgram } from './pinned-program.ts';
import { runsAsRoot, serverAccount } from './server-account.ts';

const versionDeadlineMs = 30_000;

/** What became of running a program: its version, or why it does not run. */
export type ProbeResult = { readonly version: string } | { readonly reason: string };

/**
 * Runs the program for its version, under the account that it will be used with, so that one which lies where that
 * account cannot read is never taken.
 *
 * @param folder folder that holds the executables
 */
export async function probe(program: PinnedProgram, folder: string): Promise<ProbeResult> {
  for (const name of [program.executable, ...program.companions]) {
    const missing = await access(join(folder, name), constants.X_OK).then(
      () => false,
      () => true,
    );
    if (missing) return { reason: `${join(folder, name)} is missing or cannot be executed` };
  }
  if (program.refusesRoot && runsAsRoot()) {
    const closed = await folderClosedToOthers(folder);
    if (closed !== undefined)
      return { reason: `${closed} cannot be entered by the account that runs the server` };
  }
  const account = program.refusesRoot ? await serverAccount() : undefined;
  const result = await execa(join(folder, program.executable), program.versionArguments, {
    ...account,
    cwd: '/',
    reject: false,
    timeout: versionDeadlineMs,
    stdin: 'ignore',
  });
  const version = /\d+\.\d+(\.\d+)?/.exec(result.stdout)?.[0];
  if (result.failed || version === undefined) {
    return {
      reason: `${join(folder, program.executable)} does not run (${result.shortMessage ?? 'no version'})`,
    };
  }
  return { version };
}
