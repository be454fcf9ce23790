import type { Readable } from 'node:stream';
import type { ObjectLockMode } from '../../workflows/contracts/policy.ts';
import type { BucketProtection } from '../../workflows/contracts/readiness-facts.ts';

/** A place for objects outside the database that a recovery rewinds. Throws `store-unavailable` or `store-refused`. */
export interface ObjectStore {
  readonly bucket: string;
  /** Streams an object up in parts; memory stays flat. Nothing is visible under `key` until all of it has arrived. */
  put(
    key: string,
    body: Readable,
    options: { readonly contentType: string },
  ): Promise<{ readonly bytes: number }>;
  putText(key: string, text: string, contentType: string): Promise<void>;
  get(key: string): Promise<Readable>;
  /** Undefined when there is no such object. */
  getText(key: string): Promise<string | undefined>;
  list(
    prefix: string,
  ): Promise<readonly { readonly key: string; readonly bytes: number; readonly modifiedAt: string }[]>;
  /** Keys of any bucket that the same credentials reach, at most `limit`. */
  listBucket(bucket: string, limit: number): Promise<readonly string[]>;
}

/** An object store from which objects are taken away again. */
export interface ErasableObjectStore extends ObjectStore {
  /**
   * Removes one object; one that is not there is success. Throws `store-refused` where the store holds on to it. A store
   * that keeps versions hides it, and drops those versions that nothing holds.
   */
  remove(key: string): Promise<void>;
  /** Removes what broken uploads under `prefix` left, where nothing was written since `before`; tells how many. */
  removeUnfinished(prefix: string, before: Date): Promise<number>;
}

/** An object store that may keep objects from being deleted for a time. */
export interface LockableObjectStore extends ErasableObjectStore {
  /**
   * Locks an object so that nobody deletes it before a moment; a lock is made longer, never shorter.
   *
   * @returns until when it is locked (RFC 3339, UTC); null where the store has no Object Lock
   */
  lock(key: string, lock: { readonly until: Date; readonly mode: ObjectLockMode }): Promise<string | null>;
  /** Why the store does not let go of an object now, in words; null when it may be removed. */
  holdOn(key: string): Promise<string | null>;
}

/** A bucket that says what it does against deletion. Throws `store-unavailable` or `store-refused`. */
export interface ProtectedBucket {
  protection(): Promise<BucketProtection>;
}
