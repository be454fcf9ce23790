import type { WriteStream } from 'node:tty';

const redrawEveryMs = 200;
const bytesPerMegabyte = 1_000_000;

/** A line on a terminal that tells how far something is. */
export interface ProgressLine {
  /** Takes the bytes done so far. */
  show(bytes: number): void;
  /** Takes the line away. */
  clear(): void;
}

/**
 * Shows progress where a person sees it, and writes nothing otherwise.
 *
 * @param doing such as `Exported`
 */
export function progressLine(stream: WriteStream, doing: string): ProgressLine {
  if (!stream.isTTY) return { show: () => undefined, clear: () => undefined };
  let drawnAt = 0;
  return {
    show: (bytes) => {
      if (performance.now() - drawnAt < redrawEveryMs) return;
      drawnAt = performance.now();
      stream.write(`\r${doing} ${(bytes / bytesPerMegabyte).toFixed(1)} MB`);
    },
    clear: () => {
      stream.write('\r\u001b[K');
    },
  };
}
