import type { Attempts } from './attempts.ts';
import { withoutClashes } from './clashes.ts';
import { type Joined, join } from './join.ts';
import type { Lanes } from './lanes.ts';
import type { Listings } from './listings.ts';
import type { Pair } from './pair.ts';
import type { SyncInput } from './places.ts';
import type { LedgerEntry, ListedObject, SyncState } from './ports.ts';
import type { Retention } from './retention.ts';
import type { Tally } from './tally.ts';
import type { TransferContext } from './transfer.ts';

/** One key and what the sides say of it. */
export type Found = Joined<ListedObject, ListedObject, LedgerEntry>;

/** What one run works with. */
export interface Run extends Attempts {
  readonly pair: Pair;
  readonly state: SyncState;
  readonly listings: Listings;
  readonly retention: Retention;
  readonly tally: Tally;
  readonly context: TransferContext;
  readonly input: SyncInput;
  readonly lanes: Lanes;
}

/**
 * Walks both listings and the ledger key by key.
 *
 * @param refused is told of keys that cannot be files beside each other
 */
export function walk(run: Run, refused: (object: ListedObject, why: string) => void): AsyncGenerator<Found> {
  const { listings } = run;
  return join(
    {
      source: withoutClashes(listings.source.read(), listings.caseSensitive, refused),
      destination: listings.destination.read(),
      entries: listings.entries.read(),
    },
    listings.order,
  );
}
