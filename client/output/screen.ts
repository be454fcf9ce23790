import type { DrContext, TextOutput } from '../context.ts';
import { type Style, styleFor } from './style.ts';

/** What a screen is drawn for. */
export interface Screen {
  /** In characters, at most 80. */
  readonly width: number;
  readonly style: Style;
  readonly now: Date;
  /** Leaves out the findings of steps that are over, for a terminal that is too low for all. */
  readonly brief?: boolean;
}

/** Measures the standard output: never wider than 80 characters, never narrower than 60. */
export function screenFor(context: Pick<DrContext, 'stdout' | 'environment' | 'now'>): Screen {
  return {
    width: Math.min(80, Math.max(60, context.stdout.columns ?? 80)),
    style: styleFor(context.stdout, context.environment),
    now: context.now(),
  };
}

/** Writes lines of text, each ended. */
export function writeLines(output: TextOutput, lines: readonly string[]): void {
  output.write(lines.map((line) => `${line}\n`).join(''));
}

/** Writes one JSON document for a script. */
export function writeJson(output: TextOutput, value: unknown): void {
  output.write(`${JSON.stringify(value, null, 2)}\n`);
}
