import { mkdir, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DrError } from '../../errors.ts';

/** Where files lie until all of them has arrived; no object may be there. */
export const unfinishedFolder = '.unfinished';

const unsafe = /(^|\/)(\.{0,2})(\/|$)|[\p{Cc}\\]/u;
/** The longest name of a file, in bytes, on the usual file systems. */
const maxPartBytes = 255;

/**
 * Where an object lies. Refuses keys that would lead out of the folder or mean different things to different systems.
 *
 * @throws DrError `input-invalid` (not retried)
 */
export function objectPath(root: string, key: string): string {
  const parts = key.split('/');
  const safe =
    key.length > 0 &&
    key.length <= 900 &&
    !unsafe.test(key) &&
    parts[0] !== unfinishedFolder &&
    parts.every((part) => Buffer.byteLength(part) <= maxPartBytes);
  if (safe) return join(root, ...parts);
  throw new DrError('input-invalid', {
    happened: `The object key ${JSON.stringify(key.slice(0, 200))} is not safe to use.`,
    meaning: 'Nothing was written or read.',
    next: 'Use parts separated by single slashes, without "..", backslashes or control characters.',
  });
}

/**
 * Refuses an object whose folder is, by a symbolic link, outside of the root.
 *
 * @param options.create makes the folder, for its owner alone
 * @throws DrError `store-refused` (not retried), and what the file system throws
 */
export async function requireInside(
  root: string,
  path: string,
  { create = false }: { readonly create?: boolean } = {},
): Promise<void> {
  const folder = dirname(path);
  if (create) await mkdir(folder, { recursive: true, mode: 0o700 });
  const [realRoot, realFolder] = await Promise.all([realpath(root), realpath(folder)]);
  if (realFolder === realRoot || realFolder.startsWith(`${realRoot}/`)) return;
  throw new DrError('store-refused', {
    happened: `The folder ${folder} is a symbolic link that leads out of ${root}.`,
    meaning: 'Nothing was written or read there.',
    next: 'Replace the link by a folder, or configure the place it leads to.',
  });
}
