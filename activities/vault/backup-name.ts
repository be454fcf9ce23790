import { DrError } from '../errors.ts';

/** The kinds of exports, each a folder: half-hourly, and those of the procedure. */
export const exportKinds = ['recent', 'daily', 'weekly', 'monthly'] as const;

/** Every kind of backup, each a folder: exports, and SQL dumps. */
export const backupKinds = [...exportKinds, 'sql'] as const;

/** One of {@link backupKinds}. */
export type BackupKind = (typeof backupKinds)[number];

const manifestEnding = '.manifest.json';
const pattern =
  /^(recent|daily|weekly|monthly|sql)\/backup-(\d{4}-\d\d-\d\d)(?:[T-](\d\d)(\d\d)(\d\d)Z?)?\.(?:json|sql)\.gz\.enc$/;

/**
 * The object key of a backup: `daily/backup-2025-11-29.json.gz.enc`, `recent/backup-2025-11-29T033000Z.json.gz.enc`,
 * `sql/backup-2025-11-29-033000.sql.gz.enc`.
 *
 * @param at RFC 3339 with an offset: the moment that the backup is for; its day is that in UTC
 * @throws DrError `input-invalid` (not retried)
 */
export function backupKey(kind: BackupKind, at: string): string {
  const moment = new Date(at);
  if (!/(Z|[+-]\d\d:\d\d)$/.test(at) || Number.isNaN(moment.getTime())) {
    throw new DrError('input-invalid', {
      happened: `${JSON.stringify(at)} is no moment with an offset.`,
      meaning: 'No backup was made: it would have no name.',
      next: 'Give the moment like 2025-11-29T03:00:00Z.',
    });
  }
  const [day = '', time = ''] = moment.toISOString().slice(0, 19).split('T');
  const clock = time.replaceAll(':', '');
  if (kind === 'sql') return `sql/backup-${day}-${clock}.sql.gz.enc`;
  const stamp = kind === 'recent' ? `${day}T${clock}Z` : day;
  return `${kind}/backup-${stamp}.json.gz.enc`;
}

/**
 * Reads what {@link backupKey} wrote.
 *
 * @returns the kind and the moment (RFC 3339, UTC; midnight where the name holds a day), undefined for any other key
 */
export function readBackupKey(key: string): { readonly kind: BackupKind; readonly at: string } | undefined {
  const [, kindText, day, hour = '00', minute = '00', second = '00'] = pattern.exec(key) ?? [];
  const kind = backupKinds.find((known) => known === kindText);
  if (kind === undefined || day === undefined) return undefined;
  const at = `${day}T${hour}:${minute}:${second}Z`;
  return !Number.isNaN(Date.parse(at)) && backupKey(kind, at) === key ? { kind, at } : undefined;
}

/** Where the manifest of a backup lies. */
export function manifestKey(key: string): string {
  return `${key}${manifestEnding}`;
}
