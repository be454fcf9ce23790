import type { Bucket, FileTree, SyncState } from './ports.ts';

/** A side of a synchronisation, by name: addresses and credentials come from the configuration. */
export type PlaceReference =
  | {
      readonly kind: 'bucket';
      /** Name of a configured store, such as `primary`. */
      readonly store: string;
      readonly bucket: string;
    }
  | { readonly kind: 'folder'; readonly folder: string };

/** A side that is open. */
export type Place =
  | { readonly kind: 'bucket'; readonly bucket: Bucket; close(): Promise<void> }
  | { readonly kind: 'folder'; readonly tree: FileTree; close(): Promise<void> };

/** What to synchronise. */
export interface SyncInput {
  readonly from: PlaceReference;
  readonly to: PlaceReference;
  /**
   * `backup`: the destination becomes what the source is; what is no longer there moves to `.deleted/<run>/`. `restore`:
   * what is missing or older at the destination is brought back, nothing is deleted there, and a source file that is not
   * what the ledger recorded is a failure.
   */
  readonly purpose: 'backup' | 'restore';
  /** Whether a restore also replaces what is newer at the destination; else that stays and is listed. */
  readonly replaceNewer?: boolean;
  /** Days that deleted and replaced objects are kept at the destination. */
  readonly keepDays: number;
  /** `changes` trusts sizes, times and ETags; `everything` reads every local file again. */
  readonly verify: 'changes' | 'everything';
}

/** The place with which a pair is remembered, one for both ways: its folder, else the bucket that is the copy. */
export function holderOf({ from, to, purpose }: Pick<SyncInput, 'from' | 'to' | 'purpose'>): PlaceReference {
  if (from.kind === 'folder') return from;
  return to.kind === 'folder' || purpose === 'backup' ? to : from;
}

/** What a synchronisation needs of the outside. */
export interface SyncDependencies {
  /**
   * Looks whether a place can be used, without making or changing anything.
   *
   * @returns its name, the same for the same place however it is referred to
   * @throws DrError of any type that says why not
   */
  check(place: PlaceReference, side: 'source' | 'destination', signal: AbortSignal): Promise<string>;
  open(place: PlaceReference): Promise<Place>;
  /** Opens what is remembered with this place, see {@link holderOf}. */
  openState(holder: PlaceReference): Promise<SyncState>;
}
