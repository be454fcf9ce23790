/** Folders inside a destination that belong to the synchronisation: what was deleted, and what is not complete. */
export const reservedFolders = { deleted: '.deleted', partial: '.partial' } as const;

/** Why a key is not taken over. */
export type Refusal =
  | 'empty'
  | 'control character'
  | 'invalid character'
  | 'backslash'
  | 'absolute path'
  | 'drive letter'
  | 'trailing slash'
  | 'empty folder name'
  | 'dot folder'
  | 'reserved folder'
  | 'name too long'
  | 'path too long'
  | 'file and folder of one name'
  | 'same name but for case'
  | 'not a plain file';

/** 255 bytes is the longest file name of ext4, XFS, APFS and NTFS. */
const longestNameBytes = 255;

/**
 * Says why a key is unsafe as a path: tools and servers normalise such keys differently, and some have written outside
 * their folder for them. Pure.
 *
 * @param longestKeyBytes bytes that are left for the key in the longest path; undefined where no file is made
 * @returns undefined for a safe key
 */
export function refusalOf(key: string, longestKeyBytes?: number): Refusal | undefined {
  if (key === '') return 'empty';
  if (/\p{Cc}/u.test(key)) return 'control character';
  if (/[\p{Cs}\uFFFD]/u.test(key)) return 'invalid character';
  if (key.includes('\\')) return 'backslash';
  if (key.startsWith('/')) return 'absolute path';
  if (/^[A-Za-z]:/.test(key)) return 'drive letter';
  const names = key.split('/');
  if (names.includes('.') || names.includes('..')) return 'dot folder';
  if (key.endsWith('/')) return 'trailing slash';
  if (names.includes('')) return 'empty folder name';
  const [first] = names;
  if (first === reservedFolders.deleted || first === reservedFolders.partial) return 'reserved folder';
  if (longestKeyBytes === undefined) return undefined;
  if (names.some((name) => Buffer.byteLength(name) > longestNameBytes)) return 'name too long';
  return Buffer.byteLength(key) > longestKeyBytes ? 'path too long' : undefined;
}
