import { DrError } from '../errors.ts';
import { copies } from './copy.ts';
import type { LedgerSide } from './decide.ts';
import { downloads, smallBytes } from './download.ts';
import type { Place, SyncInput } from './places.ts';
import type { Bucket, FileTree } from './ports.ts';
import { partBytes, partBytesFor, partsAtOnce, type Transfer } from './transfer.ts';
import { uploads } from './upload.ts';

/** How objects get from one place to the other. */
export interface Pair {
  readonly from: string;
  readonly to: string;
  readonly transfer: Transfer;
  readonly ledger: LedgerSide;
  /** The folder and the bucket; undefined between two buckets. */
  readonly local: { readonly tree: FileTree; readonly bucket: Bucket } | undefined;
  /** Memory that the transfer of an object of this size takes at most, in bytes. */
  memoryOf(bytes: number): number;
}

/** Of an object of one range: what is being written, what arrives meanwhile, and what the connection holds. */
const rangeMemory = 8 * 1024 * 1024;
/** Of each of several ranges. Lets four run at once: with eight the system took twice the time (measured, 256 MB objects). */
const severalRangesMemory = 32 * 1024 * 1024;

/** @throws DrError `input-invalid` for two folders, or a place with itself */
export function pairOf(from: Place, to: Place, purpose: SyncInput['purpose']): Pair {
  const names = { from: placeName(from), to: placeName(to) };
  if (names.from === names.to || (from.kind === 'folder' && to.kind === 'folder')) {
    throw new DrError('input-invalid', {
      happened: `Uploads cannot be synchronised from ${names.from} to ${names.to}.`,
      meaning: 'Nothing was read or written.',
      next: 'Name two different places, at least one of them a bucket.',
    });
  }
  const parts = (bytes: number) => Math.min(bytes, partBytesFor(bytes) * partsAtOnce);
  if (from.kind === 'bucket' && to.kind === 'folder') {
    return {
      ...names,
      transfer: downloads(from.bucket, to.tree),
      ledger: { holder: 'destination', peerPlace: names.from, sourceIsBucket: true },
      local: { tree: to.tree, bucket: from.bucket },
      memoryOf: (bytes) => {
        if (bytes <= smallBytes) return bytes;
        if (bytes <= partBytes) return rangeMemory;
        return Math.min(Math.ceil(bytes / partBytes), partsAtOnce) * severalRangesMemory;
      },
    };
  }
  if (from.kind === 'folder' && to.kind === 'bucket') {
    return {
      ...names,
      transfer: uploads(from.tree, to.bucket),
      ledger: { holder: 'source', peerPlace: names.to, sourceIsBucket: false },
      local: { tree: from.tree, bucket: to.bucket },
      memoryOf: parts,
    };
  }
  if (from.kind === 'bucket' && to.kind === 'bucket') {
    const onServer = to.bucket.reaches(from.bucket);
    return {
      ...names,
      transfer: copies(from.bucket, to.bucket),
      ledger:
        purpose === 'backup'
          ? { holder: 'destination', peerPlace: names.from, sourceIsBucket: true }
          : { holder: 'source', peerPlace: names.to, sourceIsBucket: false },
      local: undefined,
      memoryOf: onServer ? () => partBytes / partsAtOnce : parts,
    };
  }
  throw new Error('Every pair of places is handled above.');
}

function placeName(place: Place): string {
  return place.kind === 'bucket' ? place.bucket.place : place.tree.place;
}
