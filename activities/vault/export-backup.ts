import type { BackupKind } from './backup-name.ts';
import type { VaultWriting } from './dependencies.ts';
import { dumpToLocations } from './dump-to-locations.ts';
import { exportToLocations } from './export-to-locations.ts';
import type { VaultLocation, VaultWork } from './location.ts';
import type { BackupManifest } from './manifest.ts';
import { readCommand } from './openssl-format.ts';
import { sealBackup } from './seal-backup.ts';
import { newAuthentication } from './signed-document.ts';
import { type Attempt, attempt, type Stored } from './store-everywhere.ts';

/**
 * Makes a backup from the database, at several locations at once.
 *
 * @returns it, and what became of it at each
 * @throws what the export threw, or the first location when it arrived at none
 */
export async function exportBackup(
  deps: VaultWriting,
  options: {
    readonly key: string;
    readonly kind: BackupKind;
    readonly at: string;
    readonly schemas: readonly string[];
    readonly locations: readonly VaultLocation[];
  },
  work: VaultWork,
): Promise<Stored> {
  const { note, key: authenticationKey } = await newAuthentication(deps.keyring);
  const write = options.kind === 'sql' ? dumpToLocations : exportToLocations;
  const written = await write(deps, { ...options, authenticationKey }, work);
  const { iterations } = deps.keyring;
  const manifest: BackupManifest = {
    format: 'vendhub-backup-manifest',
    version: 1,
    key: options.key,
    kind: options.kind,
    at: new Date(options.at).toISOString(),
    writtenAt: new Date().toISOString(),
    copiedFrom: null,
    readWith: readCommand(options.key, iterations),
    object: written.object,
    encryption: { cipher: 'aes-256-cbc', kdf: 'pbkdf2-hmac-sha256', iterations, salt: written.salt },
    authentication: note,
    compression: 'gzip',
    content: written.content,
    tool: deps.tool,
  };
  const trusted = { manifest, key: authenticationKey };
  const attempts = await Promise.all(
    written.arrivals.map(
      async ({ location, failure }): Promise<[VaultLocation, Attempt]> => [
        location,
        failure === undefined
          ? await attempt('exported', () => sealBackup(location.store, trusted, work))
          : { error: failure },
      ],
    ),
  );
  return { trusted, attempts: new Map(attempts) };
}
