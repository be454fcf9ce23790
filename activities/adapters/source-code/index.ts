import { createHash, type Hash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { DrError } from '../../errors.ts';
import type { SourceCode } from '../../ports.ts';

/** What a worker runs of its own folder; a change anywhere in them can change a recovery. */
const folders = ['activities', 'worker', 'workflows'] as const;

/**
 * The source files of a worker, read once, at once: what lies there later is not what runs.
 *
 * @param options.root folder that holds them
 * @param options.workflowBundle file that the workflows are run from; without it their source
 */
export function createSourceCode(options: {
  readonly root: string;
  readonly workflowBundle: string | undefined;
}): SourceCode {
  const parts = readParts(options).catch((error: unknown) => {
    throw unreadable(error);
  });
  // Whoever asks for it is told; until then nobody waits for it.
  parts.catch(() => undefined);
  return { parts: () => parts };
}

async function readParts({
  root,
  workflowBundle,
}: Parameters<typeof createSourceCode>[0]): Promise<Readonly<Record<string, string>>> {
  const hashed = await Promise.all(
    folders.map(async (folder) => [folder, await hashFolder(join(root, folder))] as const),
  );
  return {
    ...Object.fromEntries(hashed),
    dependencies: await hashFile(join(root, 'package-lock.json')),
    ...(workflowBundle === undefined ? {} : { workflows: await hashFile(workflowBundle) }),
  };
}

async function hashFolder(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  const hash = createHash('sha256');
  for (const file of files.sort()) {
    addField(hash, relative(folder, file));
    addField(hash, await readFile(file));
  }
  return hash.digest('hex');
}

/** With its length before it, so that no two lists of files have the same bytes. */
function addField(hash: Hash, field: string | Buffer): void {
  hash.update(`${Buffer.byteLength(field)}:`).update(field);
}

async function hashFile(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
}

function unreadable(error: unknown): DrError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  return new DrError('configuration-invalid', {
    happened: `The worker could not read its own source files (${code}).`,
    meaning: 'It is not known whether the code is what the last drill verified; recoveries are not affected.',
    next: 'Let the worker’s user read activities/, worker/, workflows/ and package-lock.json, and start it again.',
  });
}
