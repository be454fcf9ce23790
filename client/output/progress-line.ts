import { clearLine, cursorTo } from 'node:readline';
import { duration } from '../../workflows/runbook/format.ts';
import type { TextOutput } from '../context.ts';

/** A line on a terminal that tells how far something is. */
export interface ProgressLine {
  /** Draws it anew. Time in ms. */
  readonly show: (elapsedMs: number, doing: string) => void;
  /** Takes it away. */
  readonly clear: () => void;
}

/**
 * Shows progress where a person sees it, and writes nothing otherwise.
 *
 * @param title what is waited for
 */
export function progressLine(output: TextOutput, title: string): ProgressLine {
  if (output.isTTY !== true) return { show: () => undefined, clear: () => undefined };
  const clear = () => {
    cursorTo(output, 0);
    clearLine(output, 0);
  };
  return {
    show: (elapsedMs, doing) => {
      clear();
      const line = `${title}: ${duration(elapsedMs)}${doing === '' ? '' : `, ${doing}`}`;
      output.write(line.slice(0, (output.columns ?? 80) - 1));
    },
    clear,
  };
}
