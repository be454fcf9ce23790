import { DrError } from '../../errors.ts';

/** Codes that another try does not mend: rights, a read-only disk, a file where a folder should be. */
const refusals = new Set([
  'EACCES',
  'EPERM',
  'EROFS',
  'EISDIR',
  'EEXIST',
  'ENOTEMPTY',
  'ENOTDIR',
  'ELOOP',
  'ENAMETOOLONG',
  'ENOENT',
]);

/** The system's code of a failure, such as `ENOSPC`. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/**
 * Turns a failed file operation into the project's error. A {@link DrError} stays what it is.
 *
 * @param doing what was being done, such as `writing "daily/a"`
 * @returns `store-refused` (not retried: rights, names) or `store-unavailable` (retried: disk full, input or output error)
 */
export function folderFailure(error: unknown, doing: string, root: string): DrError {
  if (error instanceof DrError) return error;
  const code = systemCode(error) ?? 'unknown error';
  if (refusals.has(code)) {
    return new DrError('store-refused', {
      happened: `The folder ${root} refused ${doing} (${code}).`,
      meaning: 'Trying again does not help: the name, the rights or the kind of file is wrong.',
      next: 'Check that the folder exists, is no symbolic link to elsewhere, and that this account may write it.',
    });
  }
  return new DrError('store-unavailable', {
    happened: `The folder ${root} failed while ${doing} (${code}).`,
    meaning: 'Nothing was stored under that name; the step is tried again.',
    next:
      code === 'ENOSPC' || code === 'EDQUOT'
        ? 'Make room on the disk.'
        : 'Check the disk and the system’s log.',
  });
}
