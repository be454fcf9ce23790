import { createHash } from 'node:crypto';
import { pipeline, Readable } from 'node:stream';
import { text as textOf } from 'node:stream/consumers';
import { exportDatabase } from '../../../activities/backup/export-database.ts';
import type { Database, SchemaDump } from '../../../activities/ports.ts';
import type { BackupSource } from '../../../activities/restore-into/backup-source.ts';
import { TableFingerprinter } from '../../../activities/vault/fingerprint-tables.ts';

/** What a backup of these schemas holds, with their definition in its header where one is given. */
export async function exportText(
  database: Database,
  schemas: readonly string[],
  schemaDump?: SchemaDump,
): Promise<string> {
  const text = await database.session((session) => textOf(exportDatabase({ session, schemas }).body));
  if (schemaDump === undefined) return text;
  return sealed(text.replace('{', () => `${JSON.stringify({ schemaDump }).slice(0, -1)},`));
}

/** Rewrites the rows of tables, and everything that counts or hashes them: a whole export of other data. */
export function withRows(
  text: string,
  edit: (table: string, rows: readonly string[]) => readonly string[],
): string {
  const counts: { schema: string; name: string; rows: number }[] = [];
  const edited = text.replaceAll(
    /^(\{"schema":"(.+?)","name":"(.+?)",.*"rows":\[)\n([\s\S]*?)\],"rowCount":\d+\}/gm,
    (_, head: string, schema: string, name: string, body: string) => {
      const before = body === '' ? [] : body.trimEnd().split(',\n');
      const rows = edit(name, before);
      counts.push({ schema, name, rows: rows.length });
      return `${head}\n${rows.join(',\n')}${rows.length === 0 ? '' : '\n'}],"rowCount":${rows.length}}`;
    },
  );
  return sealed(edited.replace(/^\],"rowCounts":.*,$/m, `],"rowCounts":${JSON.stringify(counts)},`));
}

/** The same with the checksum that it must have. */
export function sealed(text: string): string {
  const covered = text.slice(0, text.lastIndexOf('"sha256":'));
  return `${covered}"sha256":"${createHash('sha256').update(covered).digest('hex')}"}\n`;
}

/** A source whose only backup is this text, with the manifest of another text where one is given. */
export async function sourceOf(text: string, manifestOf = text): Promise<BackupSource> {
  const promised = new TableFingerprinter();
  await textOf(pipeline(Readable.from([Buffer.from(manifestOf)]), promised, () => undefined));
  return {
    openNewest: async () => ({
      key: 'daily/backup-2025-11-29.json.gz.enc',
      snapshotAt: '2025-11-29T03:00:00.000000Z',
      tables: promised.tables,
      body: Readable.from([Buffer.from(text)]),
      passedOver: [],
    }),
  };
}
