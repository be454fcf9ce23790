import type { Joined } from './join.ts';
import type { LedgerEntry, ListedObject } from './ports.ts';

/** What is to be done about one key. */
export type Decision = 'unchanged' | 'examine' | 'transfer' | 'surplus' | 'forget';

/** Which side the ledger belongs to, and what the other one is. */
export interface LedgerSide {
  readonly holder: 'source' | 'destination';
  readonly peerPlace: string;
  /** Whether the source is the bucket that the times are from; its stamps do not tell that only attributes changed. */
  readonly sourceIsBucket: boolean;
}

/**
 * Compares both sides with what is known of the last synchronisation. Pure: `examine` asks for the content to be
 * compared, `surplus` is at the destination only, `forget` nowhere but in the ledger.
 */
export function decide(
  { source, destination, entry }: Joined<ListedObject, ListedObject, LedgerEntry>,
  side: LedgerSide,
): Decision {
  if (source === undefined) return destination === undefined ? 'forget' : 'surplus';
  if (destination === undefined || destination.bytes !== source.bytes) return 'transfer';
  if (entry === undefined) return 'examine';
  const [holder, peer] = side.holder === 'source' ? [source, destination] : [destination, source];
  const asRecorded =
    entry.bytes === source.bytes &&
    entry.held === holder.stamp &&
    entry.peer.place === side.peerPlace &&
    entry.peer.stamp === peer.stamp &&
    (!side.sourceIsBucket || entry.modifiedMs === source.modifiedMs);
  return asRecorded ? 'unchanged' : 'examine';
}
