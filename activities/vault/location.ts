import { DrError } from '../errors.ts';
import type { LockableObjectStore, ProtectedBucket } from '../ports.ts';

/** A place that holds a copy of every backup. */
export interface VaultLocation {
  /** Such as `local`, `s3`, `s3-second`. */
  readonly name: string;
  readonly store: LockableObjectStore;
  /** Given where space can run out: how many bytes may still be written. */
  readonly freeBytes?: () => Promise<number>;
  /** Given where it is a bucket. */
  readonly protection?: ProtectedBucket['protection'];
}

/** How long work may go on, and who is told how far it is. */
export interface VaultWork {
  readonly signal: AbortSignal;
  /** Told what is being done and how many bytes of it are done. */
  readonly progress: (doing: string, bytes: number) => void;
}

/** Why something failed at one location; no secret. */
export interface LocationFailure {
  /** A name out of `errorTypes`. */
  readonly type: string;
  readonly message: string;
}

/** What became of locking a backup; `until` is RFC 3339, UTC. */
export type LockOutcome = { readonly until: string } | { readonly failure: LocationFailure };

/** What became of one backup at one location. */
export type LocationOutcome =
  | {
      readonly location: string;
      readonly stored: true;
      /** `already-there` was found whole; `copied` comes from another location or kind. */
      readonly how: 'exported' | 'copied' | 'already-there';
      /** Not there where the store has no Object Lock, or none was asked for. */
      readonly lock?: LockOutcome;
    }
  | { readonly location: string; readonly stored: false; readonly failure: LocationFailure };

/** What a result says about a failure. Only the project's own errors are quoted: others may hold anything. */
export function describeFailure(error: unknown): LocationFailure {
  if (error instanceof DrError) return { type: error.type, message: error.message };
  const kind = error instanceof Error ? error.name : typeof error;
  return { type: 'internal-error', message: `It failed in a way that nobody foresaw (${kind}).` };
}

/**
 * Finds a location by its name.
 *
 * @throws DrError `input-invalid` (not retried)
 */
export function requireLocation(locations: readonly VaultLocation[], name: string): VaultLocation {
  const found = locations.find((location) => location.name === name);
  if (found !== undefined) return found;
  throw new DrError('input-invalid', {
    happened: `There is no backup location ${JSON.stringify(name)}.`,
    meaning: 'Nothing was read or changed.',
    next: `Use one of: ${locations.map((location) => location.name).join(', ') || 'none is configured'}.`,
  });
}
