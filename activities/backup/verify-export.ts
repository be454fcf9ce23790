import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { ExportParser, exportDamaged } from './export-parser.ts';
import type { ExportHeader, ExportRowCount } from './format.ts';
import { lineBatches } from './lines.ts';

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
  const parser = new ExportParser();
  const whole = createHash('sha256');
  const covered = createHash('sha256');
  let bytes = 0;
  let header: ExportHeader | undefined;
  let rowCounts: readonly ExportRowCount[] = [];
  let checksum: string | undefined;

  for await (const batch of lineBatches(stream, exportDamaged)) {
    let checksumLineBytes = 0;
    for (const text of batch.lines) {
      const line = parser.read(text);
      if (line.kind === 'header') header = line.header;
      else if (line.kind === 'row-counts') rowCounts = line.rowCounts;
      else if (line.kind === 'checksum') {
        checksum = line.sha256;
        checksumLineBytes = Buffer.byteLength(text) + 1;
      }
    }
    whole.update(batch.bytes);
    covered.update(batch.bytes.subarray(0, batch.bytes.length - checksumLineBytes));
    bytes += batch.bytes.length;
    progress(bytes);
  }

  if (!parser.complete || header === undefined)
    throw exportDamaged('ends before its checksum: it is truncated');
  if (covered.digest('hex') !== checksum) throw exportDamaged('does not match its checksum: it was altered');
  return { header, rowCounts, bytes, sha256: whole.digest('hex') };
}
