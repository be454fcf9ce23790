import type { BackupFormat, BackupRequest } from '../../workflows/contracts/backups.ts';
import { DrError } from '../errors.ts';
import { type BackupKind, backupKinds, exportKinds } from '../vault/backup-name.ts';
import type { VaultReading } from '../vault/dependencies.ts';
import { listBackups } from '../vault/list-backups.ts';
import { describeFailure, type VaultLocation, type VaultWork } from '../vault/location.ts';
import { openBackup } from '../vault/open-backup.ts';
import type { OpenedBackup } from './backup-source.ts';

/** A backup that was opened, and where. */
export interface ChosenBackup extends OpenedBackup {
  readonly format: BackupFormat;
  readonly location: string;
}

interface Candidate {
  readonly key: string;
  readonly kind: BackupKind;
  readonly at: string;
  readonly locations: readonly VaultLocation[];
}

/**
 * Opens a backup at the first location that has it whole; the newest one is passed over for the one before where no
 * location has it whole.
 *
 * @throws DrError `input-invalid` for a name that no backup has, or several; `verification-failed` when no copy is whole;
 *   `backup-invalid` when there is none to choose from; `store-unavailable` (retried) when that is not known
 */
export async function chooseBackup(
  vault: VaultReading,
  request: BackupRequest,
  work: VaultWork,
): Promise<ChosenBackup> {
  const { candidates, failures } = await candidatesAt(vault, request);
  const chosen = request.kind === 'named' ? [onlyOne(candidates, request.name, failures)] : candidates;
  const passedOver: { key: string; reason: string }[] = [];
  let unavailable: DrError | undefined = failures.find(isUnavailable);
  for (const { key, kind, locations } of chosen) {
    for (const { name: location, store } of locations) {
      work.signal.throwIfAborted();
      try {
        const { manifest, body } = await openBackup({ store, keyring: vault.keyring }, key, work);
        const { snapshotAt, tables } = manifest.content;
        const format = kind === 'sql' ? 'sql' : 'json';
        return { key, format, location, snapshotAt, tables, body, passedOver };
      } catch (error) {
        work.signal.throwIfAborted();
        if (isUnavailable(error)) unavailable ??= error;
        passedOver.push({ key, reason: `at ${location}: ${describeFailure(error).message}` });
      }
    }
  }
  throw unavailable ?? noneWhole(passedOver);
}

/** Newest first, each with the locations that list it. */
async function candidatesAt({ locations }: VaultReading, request: BackupRequest) {
  const kinds =
    request.kind === 'named' ? backupKinds : request.format === 'sql' ? (['sql'] as const) : exportKinds;
  const found = new Map<string, Candidate>();
  const failures: unknown[] = [];
  for (const location of locations) {
    try {
      for (const { key, kind, at } of await listBackups(location.store, kinds)) {
        if (request.kind === 'named' && !isNamed(key, request.name)) continue;
        found.set(key, { key, kind, at, locations: [...(found.get(key)?.locations ?? []), location] });
      }
    } catch (error) {
      failures.push(error);
    }
  }
  const candidates = [...found.values()].sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
  return { candidates, failures };
}

/** With or without its folder, and with or without what says that it is compressed and encrypted. */
function isNamed(key: string, name: string): boolean {
  return [key, key.replace(/^.*\//, '')].some((known) => known === name || known === `${name}.gz.enc`);
}

function onlyOne(candidates: readonly Candidate[], name: string, failures: readonly unknown[]): Candidate {
  const [first, ...others] = candidates;
  if (first !== undefined && others.length === 0) return first;
  const unavailable = failures.find(isUnavailable);
  if (first === undefined && unavailable !== undefined) throw unavailable;
  const quoted = JSON.stringify(name.slice(0, 200));
  throw new DrError('input-invalid', {
    happened:
      first === undefined
        ? `There is no backup ${quoted}.`
        : `${quoted} can be any of ${candidates.map(({ key }) => key).join(', ')}.`,
    meaning: 'Nothing was restored or changed.',
    next: 'See what is stored (npx dr backup list) and give one of these names.',
  });
}

function isUnavailable(error: unknown): error is DrError {
  return error instanceof DrError && error.retried;
}

function noneWhole(passedOver: readonly { readonly key: string; readonly reason: string }[]): DrError {
  const [first] = passedOver;
  return new DrError(first === undefined ? 'backup-invalid' : 'verification-failed', {
    happened:
      first === undefined
        ? 'There is no backup to restore.'
        : `No copy can be used; the first is "${first.key}" ${first.reason}`,
    meaning: 'Nothing was restored or changed.',
    next: 'Choose another backup (npx dr backup list); check the passphrase; ask who wrote to the stores.',
  });
}
