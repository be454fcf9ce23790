import type { VaultReading } from './dependencies.ts';
import { inspectBackup } from './inspect-backup.ts';
import {
  describeFailure,
  type LocationOutcome,
  type LockOutcome,
  type VaultLocation,
  type VaultWork,
} from './location.ts';
import type { TrustedManifest } from './manifest.ts';
import { untrustworthy } from './untrustworthy.ts';

/** What became of storing at one location, with the error itself. */
export type Attempt = { readonly how: 'exported' | 'copied' | 'already-there' } | { readonly error: unknown };

/** A backup with what became of it at some locations. */
export interface Stored {
  readonly trusted: TrustedManifest;
  readonly attempts: ReadonlyMap<VaultLocation, Attempt>;
}

/** How to store a backup where it is missing. */
export interface Storing {
  /** Makes it at locations that all lack it. */
  readonly make: (missing: readonly VaultLocation[]) => Promise<Stored>;
  /** Brings it from a location that has it to one that lacks it. */
  readonly copy: (from: VaultLocation, to: VaultLocation, trusted: TrustedManifest) => Promise<void>;
  /** Locks it at a location that has it; null where that has no lock. */
  readonly lock: (at: VaultLocation) => Promise<LockOutcome | null>;
}

/**
 * Brings one backup to every location: it is made only where no location has it whole, and copied where one has.
 *
 * @returns the backup and how each location stands
 * @throws the first location's failure when it is at none
 */
export async function storeEverywhere(
  deps: VaultReading,
  key: string,
  { make, copy, lock }: Storing,
  work: VaultWork,
): Promise<{ readonly trusted: TrustedManifest; readonly outcomes: readonly LocationOutcome[] }> {
  const attempts = new Map<VaultLocation, Attempt>();
  const missing: VaultLocation[] = [];
  let whole: { readonly location: VaultLocation; readonly trusted: TrustedManifest } | undefined;
  for (const location of deps.locations) {
    const state = await inspectBackup(location, { key, keyring: deps.keyring }, work);
    work.signal.throwIfAborted();
    if (state.kind === 'absent') missing.push(location);
    else if (state.kind === 'failed') attempts.set(location, { error: state.error });
    else if (whole === undefined || sameObject(whole.trusted, state.trusted)) {
      whole ??= { location, trusted: state.trusted };
      attempts.set(location, { how: 'already-there' });
    } else
      attempts.set(location, { error: untrustworthy(`The backup "${key}"`, 'is not the same everywhere') });
  }

  let trusted = whole?.trusted;
  if (whole !== undefined) {
    const { location: from, trusted: manifest } = whole;
    for (const to of missing) {
      attempts.set(to, await attempt('copied', () => copy(from, to, manifest)));
    }
  } else if (missing.length > 0) {
    const made = await make(missing);
    trusted = made.trusted;
    for (const [location, outcome] of made.attempts) attempts.set(location, outcome);
  }
  work.signal.throwIfAborted();
  const failures = [...attempts.values()].flatMap((one) => ('error' in one ? [one.error] : []));
  if (trusted === undefined || failures.length === attempts.size) throw failures[0];
  const outcomes = await Promise.all(
    [...attempts].map(async ([location, one]): Promise<LocationOutcome> => {
      const name = location.name;
      if ('error' in one) return { location: name, stored: false, failure: describeFailure(one.error) };
      const locked = await lock(location);
      return { location: name, stored: true, how: one.how, ...(locked === null ? {} : { lock: locked }) };
    }),
  );
  const position = ({ location }: LocationOutcome) =>
    deps.locations.findIndex(({ name }) => name === location);
  return { trusted, outcomes: outcomes.sort((a, b) => position(a) - position(b)) };
}

/** Does it, and keeps what it threw. */
export async function attempt(how: 'exported' | 'copied', run: () => Promise<void>): Promise<Attempt> {
  try {
    await run();
    return { how };
  } catch (error) {
    return { error };
  }
}

function sameObject(a: TrustedManifest, b: TrustedManifest): boolean {
  return a.manifest.object.sha256 === b.manifest.object.sha256;
}
