import { pipeline, type Readable, Writable } from 'node:stream';
import { pipeline as pipelineDone } from 'node:stream/promises';
import { DumpReader } from '../backup/dump-reader.ts';
import { verifyExport } from '../backup/verify-export.ts';
import type { ObjectStore } from '../ports.ts';
import { type TableFingerprint, TableFingerprinter } from './fingerprint-tables.ts';
import type { Keyring } from './keyring.ts';
import type { VaultWork } from './location.ts';
import type { BackupManifest } from './manifest.ts';
import { openBackup, requireManifest } from './open-backup.ts';
import { untrustworthy } from './untrustworthy.ts';
import { verifyObject } from './verify-object.ts';

/** What reading backups of one location needs. */
export interface LocationReading {
  readonly store: ObjectStore;
  readonly keyring: Keyring;
}

/**
 * Reads all of a backup and compares manifest and object with what was written.
 *
 * @returns its manifest
 * @throws DrError `verification-failed` for any altered byte or another passphrase, `input-invalid` when there is none,
 *   `store-unavailable` (retried), `store-refused`, `configuration-invalid`
 */
export async function verifyBackup(
  { store, keyring }: LocationReading,
  key: string,
  work: VaultWork,
): Promise<BackupManifest> {
  const trusted = await requireManifest(store, key, keyring);
  await verifyObject(store, trusted, work);
  return trusted.manifest;
}

/**
 * Verifies a backup and reads the document inside to its end: decrypts, decompresses, checks that it is whole (of an export
 * its layout and its own checksum, of a SQL dump its end), its row counts and the fingerprint of each table.
 *
 * @returns its manifest
 * @throws DrError as {@link verifyBackup}
 */
export async function verifyContent(
  reading: LocationReading,
  key: string,
  work: VaultWork,
): Promise<BackupManifest> {
  const { manifest, body } = await openBackup(reading, key, work);
  const found = await (manifest.kind === 'sql' ? readDump : readExport)(body, key, work);
  if (!sameTables(manifest.content.tables, found)) {
    throw untrustworthy(`The backup "${key}"`, 'holds other rows than its manifest tells');
  }
  return manifest;
}

async function readExport(
  body: Readable,
  key: string,
  work: VaultWork,
): Promise<readonly TableFingerprint[]> {
  const tables = new TableFingerprinter();
  const stream = pipeline(body, tables, () => undefined);
  try {
    await verifyExport(stream, (bytes) => {
      work.signal.throwIfAborted();
      work.progress(`reading ${key}`, bytes);
    });
  } finally {
    stream.destroy();
  }
  return tables.tables;
}

async function readDump(body: Readable, key: string, work: VaultWork): Promise<readonly TableFingerprint[]> {
  const reader = new DumpReader();
  const nowhere = new Writable({
    write: (_chunk, _encoding, done) => {
      work.progress(`reading ${key}`, reader.bytes);
      done();
    },
  });
  await pipelineDone(body, reader, nowhere, { signal: work.signal });
  if (!reader.complete) throw untrustworthy(`The backup "${key}"`, 'has no end');
  return reader.tables;
}

function sameTables(a: readonly TableFingerprint[], b: readonly TableFingerprint[]): boolean {
  const text = (tables: readonly TableFingerprint[]) =>
    JSON.stringify(tables.map(({ schema, name, rows, fingerprint }) => [schema, name, rows, fingerprint]));
  return text(a) === text(b);
}
