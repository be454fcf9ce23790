import { clearScreenDown, cursorTo, moveCursor } from 'node:readline';
import type { TextOutput } from '../context.ts';

/**
 * Draws a screen over the one drawn before. (log-update 7.2 was tried: it leaves parts of old lines when a screen grows
 * in its middle.) Lines must not be wider than the terminal; of a screen that is too high the end is shown.
 *
 * @param output a terminal
 * @returns called with the lines of each new screen
 */
export function redraw(output: TextOutput): (lines: readonly string[]) => void {
  let drawn = 0;
  return (lines) => {
    const shown = lines.slice(-Math.max(1, (output.rows ?? 24) - 1));
    moveCursor(output, 0, -drawn);
    cursorTo(output, 0);
    clearScreenDown(output);
    output.write(`${shown.join('\n')}\n`);
    drawn = shown.length;
  };
}
