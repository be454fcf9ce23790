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
   * `backup`: what is no longer at the source moves to `.deleted/<run>/` at the destination. `restore`: what is only at
   * the destination stays, and a source file that is not what the ledger recorded is a failure.
   */
  readonly purpose: 'backup' | 'restore';
  /** Days that deleted and replaced objects are kept at the destination. */
  readonly keepDays: number;
  /** `changes` trusts sizes, times and ETags; `everything` reads every local file again. */
  readonly verify: 'changes' | 'everything';
}

/** What a synchronisation needs of the outside. */
export interface SyncDependencies {
  open(place: PlaceReference): Promise<Place>;
  /** Opens what is remembered with this place, which is the folder of a pair or else its destination. */
  openState(holder: PlaceReference): Promise<SyncState>;
}
