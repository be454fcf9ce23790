import type { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { exportDatabase } from '../backup/export-database.ts';
import type { Database, SchemaDumper } from '../ports.ts';
import { abortable } from './abortable.ts';
import { FanOut, NobodyReads } from './fan-out.ts';
import { TableFingerprinter } from './fingerprint-tables.ts';
import type { Keyring } from './keyring.ts';
import type { VaultLocation, VaultWork } from './location.ts';
import type { BackupManifest } from './manifest.ts';
import { encryptLikeOpenssl } from './openssl-format.ts';
import { createSealMeter } from './seal-meter.ts';
import { untrustworthy } from './untrustworthy.ts';

/** What was written, and where it arrived. */
export interface WrittenExport {
  readonly object: BackupManifest['object'];
  readonly content: BackupManifest['content'];
  readonly salt: string;
  /** One per location; `failure` is undefined where the object arrived. */
  readonly arrivals: readonly { readonly location: VaultLocation; readonly failure: unknown }[];
}

/** The fastest level: it runs beside the export and must not hold it up. */
const gzipOptions = { level: 1, chunkSize: 256 * 1024 } as const;

/**
 * Exports the database once, compresses and encrypts it, and writes it to every location at once under one key.
 *
 * @param options.authenticationKey for the HMAC of the object
 * @throws what the export throws: then the object appears nowhere
 */
export async function exportToLocations(
  deps: { readonly database: Database; readonly schemaDumper: SchemaDumper; readonly keyring: Keyring },
  options: {
    readonly schemas: readonly string[];
    readonly key: string;
    readonly locations: readonly VaultLocation[];
    readonly authenticationKey: Buffer;
  },
  work: VaultWork,
): Promise<WrittenExport> {
  const { stream: cipher, salt } = await encryptLikeOpenssl(deps.keyring);
  return deps.database.session((session) =>
    // Inside the session: leaving it closes the connection, whatever it hangs on.
    abortable(work.signal, async () => {
      const copy = exportDatabase({
        session,
        schemas: options.schemas,
        schemaDumper: deps.schemaDumper,
        helpers: { database: deps.database, sessions: 1 },
      });
      const tables = new TableFingerprinter();
      const meter = createSealMeter(options.authenticationKey, (bytes) =>
        work.progress(`writing ${options.key}`, bytes),
      );
      const fanOut = new FanOut(options.locations.length);
      const arriving = Promise.all(
        options.locations.map(async (location, index) => ({
          location,
          failure: await failureOfPut(location, options.key, fanOut.branches[index]),
        })),
      );
      const broken = await pipeline(
        [copy.body, tables, createGzip(gzipOptions), cipher, meter.stream, fanOut],
        { signal: work.signal },
      ).then(
        () => undefined,
        (error: unknown) => ({ error }),
      );
      const arrivals = await arriving;
      if (broken !== undefined && !(broken.error instanceof NobodyReads)) throw broken.error;
      if (arrivals.every(({ failure }) => failure !== undefined)) throw arrivals[0]?.failure;
      return { object: meter.seal(), content: contentOf(copy.summary(), tables), salt, arrivals };
    }),
  );
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

function contentOf(
  { header, rowCounts }: ReturnType<ReturnType<typeof exportDatabase>['summary']>,
  found: TableFingerprinter,
): BackupManifest['content'] {
  const same =
    rowCounts.length === found.tables.length &&
    rowCounts.every(({ schema, name, rows }, index) => {
      const table = found.tables[index];
      return table?.schema === schema && table.name === name && table.rows === rows;
    });
  if (!same) throw untrustworthy('The export', 'counts other rows than it holds');
  return {
    format: header.format,
    version: header.version,
    bytes: found.bytes,
    database: header.database,
    serverVersion: header.serverVersion,
    snapshotAt: header.snapshotAt,
    lsn: header.lsn,
    tables: found.tables,
  };
}
