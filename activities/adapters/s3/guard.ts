import { DrError } from '../../errors.ts';
import type { ListedObject } from '../../uploads/ports.ts';
import { readSdkFailure, storeFailure } from './failure.ts';

/** Runs requests to one bucket; what they throw becomes the project's error, unless it is the signal's reason. */
export type Guard = <T>(doing: string, signal: AbortSignal | undefined, run: () => Promise<T>) => Promise<T>;

/** @param place bucket and endpoint, for a person */
export function createGuard(place: string): Guard {
  return async (doing, signal, run) => {
    try {
      return await run();
    } catch (error) {
      signal?.throwIfAborted();
      throw storeFailure(error, doing, place);
    }
  };
}

/** The object is another one than was listed. */
class ChangedObject extends Error {}

/** Undefined where the object is gone (404) or another by now (412). */
export async function unlessGone<T>(run: () => Promise<T>): Promise<T | undefined> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof ChangedObject) return undefined;
    const { status } = readSdkFailure(error);
    if (status === 404 || status === 412) return undefined;
    throw error;
  }
}

/** Asks for the very object that was listed; a listing without ETags has nothing to ask by. */
export function ifSame({ stamp }: ListedObject): Readonly<Record<string, string>> {
  return stamp === '' ? {} : { 'if-match': `"${stamp}"` };
}

/** Looks at the answer as well: Supabase Storage passes over `If-Match` and gives whatever is there by now. */
export function requireSame({ stamp }: ListedObject, etag: string | undefined): void {
  if (stamp !== '' && etag !== undefined && unquoted(etag) !== stamp) throw new ChangedObject();
}

/** An ETag without its quotes and the mark of a weak one. */
export function unquoted(etag: string | undefined): string {
  return (etag ?? '').replace(/^W\//, '').replaceAll('"', '');
}

/** Whether an ETag has the form of an MD5: the object was stored in one piece. */
export function isMd5(etag: string): boolean {
  return /^[0-9a-f]{32}$/.test(etag);
}

/** The server stored other bytes than were sent. */
export function altered(key: string): DrError {
  return new DrError('store-unavailable', {
    happened: `The object store answered with another checksum than that of "${key}" as it was sent.`,
    meaning: 'What is stored under that key is not to be trusted; it is sent again.',
    next: 'If this goes on, look for a proxy on the way that changes bodies.',
  });
}
