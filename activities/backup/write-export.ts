import type { Writable } from 'node:stream';
import type { DatabaseExport } from './export-database.ts';

/**
 * Writes an export to where it belongs, one block after the other, and gives their memory back. Does not end `output`.
 *
 * @param progress is told how many bytes were written so far
 * @throws what the export fails with, and what the output fails with
 */
export async function writeExport(
  { body, giveBack }: DatabaseExport,
  output: Writable,
  progress: (bytes: number) => void = () => undefined,
): Promise<void> {
  let bytes = 0;
  let failed: (error: Error) => void = () => undefined;
  const failure = new Promise<never>((_, reject) => {
    failed = reject;
  });
  failure.catch(() => undefined);
  output.on('error', failed);
  try {
    for await (const chunk of body) {
      const block: Buffer = chunk;
      const written = new Promise<void>((resolve, reject) => {
        output.write(block, (error) => (error ? reject(error) : resolve()));
      });
      await Promise.race([written, failure]);
      giveBack(block);
      bytes += block.length;
      progress(bytes);
    }
  } finally {
    output.off('error', failed);
    body.destroy();
  }
}
