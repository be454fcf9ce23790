import type { PassThrough, Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { FanOut, NobodyReads } from './fan-out.ts';
import { createGzipMembers } from './gzip-members.ts';
import type { Keyring } from './keyring.ts';
import type { VaultLocation, VaultWork } from './location.ts';
import type { BackupManifest } from './manifest.ts';
import { encryptLikeOpenssl } from './openssl-format.ts';
import { createSealMeter } from './seal-meter.ts';

/** A document that was written, and where it arrived. */
export interface WrittenDocument {
  readonly object: BackupManifest['object'];
  readonly salt: string;
  /** One per location; `failure` is undefined where the object arrived. */
  readonly arrivals: readonly { readonly location: VaultLocation; readonly failure: unknown }[];
}

/** Where a document goes. */
export interface Destination {
  readonly key: string;
  readonly locations: readonly VaultLocation[];
  /** For the HMAC of the object. */
  readonly authenticationKey: Buffer;
}

/** What is written. */
export interface Document {
  readonly body: Readable;
  /** Looks at the bytes while they pass unchanged. */
  readonly witness: Transform;
  /** Takes back the memory of a chunk that nobody reads any more. */
  readonly giveBack?: (chunk: Buffer) => void;
}

/**
 * Compresses and encrypts a document, and writes it to every location at once under one key.
 *
 * @throws what the document throws: then the object appears nowhere; what the first location threw when all failed
 */
export async function writeToLocations(
  { body, witness, giveBack = () => undefined }: Document,
  destination: Destination,
  keyring: Keyring,
  work: VaultWork,
): Promise<WrittenDocument> {
  const { key, locations, authenticationKey } = destination;
  // The document begins while the key is derived. What breaks it is told by the pipeline.
  body.on('error', () => undefined).read(0);
  const { stream: cipher, salt } = await encryptLikeOpenssl(keyring).catch((error: unknown) => {
    body.destroy();
    throw error;
  });
  const meter = createSealMeter(authenticationKey, (bytes) => work.progress(`writing ${key}`, bytes));
  const fanOut = new FanOut(locations.length);
  const arriving = Promise.all(
    locations.map(async (location, index) => ({
      location,
      failure: await failureOfPut(location, key, fanOut.branches[index]),
    })),
  );
  const gzip = createGzipMembers(giveBack);
  const broken = await pipeline([body, witness, gzip, cipher, meter.stream, fanOut], {
    signal: work.signal,
  }).then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  const arrivals = await arriving;
  if (broken !== undefined && !(broken.error instanceof NobodyReads)) throw broken.error;
  if (arrivals.every(({ failure }) => failure !== undefined)) throw arrivals[0]?.failure;
  return { object: meter.seal(), salt, arrivals };
}

/** Writes one branch to its location; gives what went wrong, undefined when nothing did. */
async function failureOfPut(
  { store }: VaultLocation,
  key: string,
  branch: PassThrough | undefined,
): Promise<unknown> {
  if (branch === undefined) return new Error('Every location has a branch.');
  try {
    await store.put(key, branch, { contentType: 'application/octet-stream' });
    return undefined;
  } catch (error) {
    return error;
  } finally {
    branch.destroy();
  }
}
