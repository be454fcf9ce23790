import { z } from 'zod';
import { keptRun } from './keep.ts';
import { keyOrder } from './key-order.ts';
import { refusalOf } from './keys.ts';
import { ledgerEntryShape } from './ledger-entry.ts';
import type { Place } from './places.ts';
import type { LedgerEntry, ListedObject, SortedItems, SyncState } from './ports.ts';

const listedShape = z.object({
  key: z.string(),
  bytes: z.number(),
  stamp: z.string(),
  modifiedMs: z.number(),
});

/** Both sides and the ledger, listed to the end and in one order. */
export interface Listings {
  readonly source: SortedItems<ListedObject>;
  readonly destination: SortedItems<ListedObject>;
  readonly entries: SortedItems<LedgerEntry>;
  readonly order: (item: { readonly key: string }) => string;
  readonly caseSensitive: boolean;
  dispose(): Promise<void>;
}

/** Who is told what a listing leaves out. */
export interface ListingEvents {
  listed(side: 'source' | 'destination'): void;
  refused(key: string, why: string): void;
  /** An object that the destination keeps of an earlier run. */
  kept(object: ListedObject, run: string): void;
}

/**
 * Lists both sides whole before anything is done, so that a listing that breaks off deletes nothing. Unsafe keys are
 * left out: at the source they are refused, at the destination they are nobody's and stay.
 */
export async function listBoth(
  places: { readonly from: Place; readonly to: Place },
  state: SyncState,
  events: ListingEvents,
  signal: AbortSignal,
): Promise<Listings> {
  const trees = [places.from, places.to].flatMap((place) => (place.kind === 'folder' ? [place.tree] : []));
  const caseSensitive = trees.every((tree) => tree.caseSensitive);
  const longestKeyBytes = trees[0]?.longestKeyBytes;
  const order = keyOrder(caseSensitive);

  async function* source(): AsyncGenerator<ListedObject> {
    for await (const object of objectsOf(places.from, signal, (key) =>
      events.refused(key, 'not a plain file'),
    )) {
      const why = refusalOf(object.key, longestKeyBytes);
      // What an earlier synchronisation keeps in a bucket that is a source now: not an upload, and not worth a word.
      if (why === 'reserved folder' && keptRun(object.key) !== undefined) continue;
      events.listed('source');
      if (why === undefined) yield object;
      else events.refused(object.key, why);
    }
  }
  async function* destination(): AsyncGenerator<ListedObject> {
    for await (const object of objectsOf(places.to, signal, () => undefined)) {
      const run = keptRun(object.key);
      if (run !== undefined) events.kept(object, run);
      if (refusalOf(object.key, longestKeyBytes) !== undefined) continue;
      events.listed('destination');
      yield object;
    }
  }

  const parse = (stored: unknown) => listedShape.parse(stored);
  const [sorted, there, entries] = await Promise.all([
    state.sorted(source(), order, parse),
    state.sorted(destination(), order, parse),
    state.sorted(state.entries(), order, (stored) => ledgerEntryShape.parse(stored)),
  ]);
  return {
    source: sorted,
    destination: there,
    entries,
    order,
    caseSensitive,
    async dispose() {
      await Promise.all([sorted.dispose(), there.dispose(), entries.dispose()]);
    },
  };
}

function objectsOf(
  place: Place,
  signal: AbortSignal,
  notFile: (key: string) => void,
): AsyncIterable<ListedObject> {
  return place.kind === 'bucket' ? place.bucket.list(signal) : place.tree.list(signal, notFile);
}
