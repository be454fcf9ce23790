import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { exportDamaged } from './export-parser.ts';
import { ExportReader } from './export-reader.ts';
import type { ExportHeader, ExportRowCount } from './format.ts';

/** An export that was read to its end and found whole. */
export interface VerifiedExport {
  readonly header: ExportHeader;
  readonly rowCounts: readonly ExportRowCount[];
  readonly bytes: number;
  /** Lower-case hex SHA-256 of all its bytes, the checksum line included. */
  readonly sha256: string;
}

/**
 * Reads an export to its end and checks layout, row counts and checksum. A truncated or altered one is refused: any
 * changed byte breaks the checksum or the line that holds it.
 *
 * @param stream the bytes of the export
 * @param progress is told how many bytes were read so far
 * @throws DrError `verification-failed` (not retried), and what the stream itself fails with
 */
export async function verifyExport(
  stream: Readable,
  progress: (bytes: number) => void = () => undefined,
): Promise<VerifiedExport> {
  const reader = new ExportReader(({ columns }) => columns.map(() => false));
  const whole = createHash('sha256');
  let bytes = 0;
  let header: ExportHeader | undefined;
  let rowCounts: readonly ExportRowCount[] = [];
  for await (const chunk of stream) {
    const part = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk);
    for (const event of reader.read(part)) {
      if (event.kind === 'header') header = event.header;
      else if (event.kind === 'end') rowCounts = event.rowCounts;
    }
    whole.update(part);
    bytes += part.length;
    progress(bytes);
  }
  reader.end();
  if (header === undefined) throw exportDamaged('is empty');
  return { header, rowCounts, bytes, sha256: whole.digest('hex') };
}
