import { DrError } from '../errors.ts';
import type { PartBuffers } from './part-buffers.ts';
import type { SyncInput } from './places.ts';
import type { Digest, LedgerEntry, ListedObject, ObjectAttributes, SyncState } from './ports.ts';
import type { Tally } from './tally.ts';

/** What every transfer of a run shares. */
export interface TransferContext {
  readonly state: SyncState;
  readonly tally: Tally;
  readonly purpose: SyncInput['purpose'];
  /** Name of the run, under which replaced objects are kept. */
  readonly run: string;
  readonly signal: AbortSignal;
  readonly buffers: PartBuffers;
}

/** One object that is to be taken over. */
export interface TransferTask {
  readonly source: ListedObject;
  /** What is there already and will be replaced. */
  readonly destination: ListedObject | undefined;
  readonly entry: LedgerEntry | undefined;
}

/** What is known once an object was taken over. */
export interface Transferred {
  readonly sourceStamp: string;
  readonly destinationStamp: string;
  readonly digest: Digest;
  readonly attributes: ObjectAttributes;
  /** Whether a checksum of the other side confirmed it. */
  readonly verified: boolean;
}

/** Takes one object over; undefined when the source changed meanwhile. */
export type Transfer = (context: TransferContext, task: TransferTask) => Promise<Transferred | undefined>;

/** 16 MiB in parts and ranges: measured best of 8, 16 and 32 with four at once; 10,000 of them make 160 GiB. */
export const partBytes = 16 * 1024 * 1024;
/** Parts of one object at once. */
export const partsAtOnce = 4;

/** S3 takes at most 10,000 parts. */
const mostParts = 10_000;
const mebibyte = 1024 * 1024;

/** Bytes of each part of an object that is stored in parts. */
export function partBytesFor(bytes: number): number {
  return Math.max(partBytes, Math.ceil(bytes / mostParts / mebibyte) * mebibyte);
}

/** Works through items, so many at once; the first failure ends it once what runs has settled. */
export async function forEachAtOnce<T>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const remaining = items[Symbol.iterator]();
  let failed = false;
  const lane = async () => {
    for (let next = remaining.next(); next.done !== true && !failed; next = remaining.next()) {
      try {
        await work(next.value);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const lanes = await Promise.allSettled(Array.from({ length: Math.min(atOnce, items.length) }, lane));
  const broken = lanes.find((each) => each.status === 'rejected');
  if (broken !== undefined) throw broken.reason;
}

/** The failure of an object whose bytes are not what their checksum says. */
export function mismatch(key: string, what: string): DrError {
  return new DrError('verification-failed', {
    happened: `"${key}" ${what}.`,
    meaning: 'It was not taken over; what was there before is still there.',
    next: 'Run it again; if it stays, look at that object and at the disk.',
  });
}
