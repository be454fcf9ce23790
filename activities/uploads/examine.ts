import { firstThatFits } from './digest.ts';
import type { Pair } from './pair.ts';
import type { LedgerEntry, ListedObject } from './ports.ts';
import type { TransferContext } from './transfer.ts';

/** What a comparison of contents found. */
export type Examined =
  | { readonly kind: 'same'; readonly entry: LedgerEntry }
  /** `damaged` where the bucket's object is still the one that the ledger knows, but the file is not. */
  | { readonly kind: 'different'; readonly damaged: boolean };

/**
 * Compares an object of equal size on both sides by checksum: the file is read, the bucket is asked. Where the ledger
 * knows the bucket's object, its recorded checksum counts, else the one that the server vouches for.
 */
export async function examine(
  pair: Pair,
  { source, destination, entry }: ExaminedObjects,
  context: TransferContext,
): Promise<Examined> {
  const { local, ledger } = pair;
  if (local === undefined) {
    if (source.stamp !== destination.stamp) return { kind: 'different', damaged: false };
    const digest = `etag:${source.stamp}`;
    return { kind: 'same', entry: entryOf(pair, { source, destination }, { digest, attributes: {} }) };
  }
  const [file, object] = ledger.sourceIsBucket ? [destination, source] : [source, destination];
  const known =
    entry?.peer.place === ledger.peerPlace &&
    entry.peer.stamp === object.stamp &&
    entry.bytes === object.bytes;
  const sameTime = known && (!ledger.sourceIsBucket || entry.modifiedMs === source.modifiedMs);
  const described = sameTime ? entry : await local.bucket.describe(object, context.signal);
  if (described === undefined) return { kind: 'different', damaged: false };
  const possible = known ? [entry.digest] : 'digests' in described ? described.digests : [];
  const digest = await firstThatFits(possible, (scheme) =>
    local.tree.digest(file.key, scheme, context.signal),
  );
  if (digest === undefined) return { kind: 'different', damaged: known };
  const content = { digest, attributes: described.attributes };
  if (!ledger.sourceIsBucket) return { kind: 'same', entry: entryOf(pair, { source, destination }, content) };
  const { stamp } = await local.tree.touch(file.key, source.modifiedMs);
  const touched = { ...destination, stamp };
  return { kind: 'same', entry: entryOf(pair, { source, destination: touched }, content) };
}

interface ExaminedObjects {
  readonly source: ListedObject;
  readonly destination: ListedObject;
  readonly entry: LedgerEntry | undefined;
}

/** What the ledger is to know of an object that is alike on both sides. */
export function entryOf(
  { ledger }: Pair,
  sides: {
    readonly source: ListedObject;
    readonly destination: Pick<ListedObject, 'stamp'>;
  },
  known: Pick<LedgerEntry, 'digest' | 'attributes'>,
): LedgerEntry {
  const { source, destination } = sides;
  const [held, peer] =
    ledger.holder === 'source' ? [source.stamp, destination.stamp] : [destination.stamp, source.stamp];
  return {
    key: source.key,
    bytes: source.bytes,
    held,
    peer: { place: ledger.peerPlace, stamp: peer },
    modifiedMs: source.modifiedMs,
    digest: known.digest,
    attributes: known.attributes,
  };
}
