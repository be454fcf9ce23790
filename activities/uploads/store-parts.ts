import { DrError } from '../errors.ts';
import { compositeDigest } from './digest.ts';
import type { Bucket, Digest, ObjectAttributes, StoredPart } from './ports.ts';
import { forEachAtOnce, partsAtOnce, type TransferContext } from './transfer.ts';

/** An object that is to be stored in parts. */
export interface ObjectInParts {
  readonly key: string;
  readonly bytes: number;
  readonly partBytes: number;
  /** Names the content: parts of an earlier run count only for the same. */
  readonly content: string;
  readonly attributes: ObjectAttributes;
  /** Fills the buffer from there on and resolves with what there was; undefined when the source changed. */
  readonly read: (from: number, buffer: Buffer) => Promise<Buffer | undefined>;
}

/**
 * Stores an object in parts, several at once. Each part stored is remembered, so that a killed run is gone on with; an
 * upload that the server has forgotten is begun anew once.
 *
 * @returns stamp and composed CRC32, or undefined when the source changed, whose parts are then given up
 */
export async function storeParts(
  bucket: Bucket,
  object: ObjectInParts,
  context: TransferContext,
): Promise<{ readonly stamp: string; readonly digest: Digest } | undefined> {
  const { state, signal, tally } = context;
  const content = `${object.content}/${object.partBytes}`;
  const pending = await state.pendingUpload(bucket.place, object.key, content);
  if (pending !== undefined) {
    try {
      const stored = await store(bucket, object, pending, context);
      if (stored !== 'forgotten') {
        tally.resumedBytes += pending.parts.length * object.partBytes;
        return stored;
      }
    } catch (error) {
      const forgotten = error instanceof DrError && error.type === 'store-refused';
      if (!forgotten) throw error;
    }
    await state.forgetUpload(bucket.place, object.key);
  }
  const id = await bucket.beginParts(object.key, object.attributes, signal);
  await state.rememberUpload(bucket.place, object.key, content, id);
  const stored = await store(bucket, object, { id, parts: [] }, context);
  if (stored === 'forgotten') {
    throw new DrError('store-unavailable', {
      happened: `The object store forgot the parts of "${object.key}" while they were sent.`,
      meaning: 'The object is not stored; what was under its key is still there.',
      next: 'Run it again.',
    });
  }
  return stored;
}

async function store(
  bucket: Bucket,
  object: ObjectInParts,
  upload: { readonly id: string; readonly parts: readonly StoredPart[] },
  { state, signal, tally, buffers }: TransferContext,
): Promise<{ readonly stamp: string; readonly digest: Digest } | undefined | 'forgotten'> {
  const { key, bytes, partBytes } = object;
  const address = { key, id: upload.id };
  const stored = new Map(upload.parts.map((part) => [part.number, part]));
  const numbers = Array.from({ length: Math.max(1, Math.ceil(bytes / partBytes)) }, (_, index) => index + 1);
  let changed = false;
  const missing = numbers.filter((number) => !stored.has(number));
  await forEachAtOnce(missing, partsAtOnce, async (number) => {
    if (changed) return;
    const from = (number - 1) * partBytes;
    const buffer = buffers.take(Math.min(partBytes, bytes - from));
    const body = await object.read(from, buffer);
    if (body?.length !== buffer.length) {
      changed = true;
      return;
    }
    const part = await bucket.writePart(address, number, body, signal);
    // Not after a failure: a connection may still be sending it.
    buffers.giveBack(buffer);
    await state.rememberPart(bucket.place, key, part);
    stored.set(number, part);
    tally.bytes += body.length;
  });
  const parts = numbers.flatMap((number) => stored.get(number) ?? []);
  if (changed) {
    await bucket.abandonParts(address);
    await state.forgetUpload(bucket.place, key);
    return undefined;
  }
  const finished = await bucket.finishParts(address, parts, signal);
  await state.forgetUpload(bucket.place, key);
  if (finished === undefined) return 'forgotten';
  const digest = compositeDigest(
    'crc32',
    partBytes,
    parts.map((part) => part.crc32),
  );
  return { stamp: finished.stamp, digest };
}
