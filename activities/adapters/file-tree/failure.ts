import { DrError } from '../../errors.ts';

/** Reads the system's code of a failed file operation, such as `ENOENT`. */
export function fileErrorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

const passing = new Set(['ENOSPC', 'EDQUOT', 'EIO', 'EMFILE', 'ENFILE', 'EAGAIN', 'EBUSY', 'ESTALE']);

/** Whether there was no room, on the disk or in a quota. */
export function isDiskFull(error: unknown): boolean {
  const code = fileErrorCode(error);
  return code === 'ENOSPC' || code === 'EDQUOT';
}

/**
 * Turns a failed file operation into the project's error.
 *
 * @param doing what was being done, such as `writing "a/b"`
 * @returns `store-unavailable` (retried: disk full, quota, I/O error) or `store-refused` (not retried)
 */
export function treeFailure(error: unknown, doing: string): DrError {
  if (error instanceof DrError) return error;
  const code = fileErrorCode(error) ?? 'unknown error';
  const full = isDiskFull(error);
  if (passing.has(code)) {
    return new DrError('store-unavailable', {
      happened: full
        ? `The disk is full: ${doing} failed (${code}).`
        : `The disk failed while ${doing} (${code}).`,
      meaning: 'The file is not there or is as it was before; nothing incomplete has its name.',
      next: full ? 'Free some space; what is missing is taken up again.' : 'Check the disk and run it again.',
    });
  }
  return new DrError('store-refused', {
    happened: `The file system refused ${doing} (${code}).`,
    meaning: 'Trying again does not help: a permission, a name or a file in the way of a folder.',
    next: 'Look at that path and mend it, then run it again.',
  });
}

/** Runs a file operation; what it throws becomes the project's error. */
export async function inTree<T>(doing: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw treeFailure(error, doing);
  }
}
