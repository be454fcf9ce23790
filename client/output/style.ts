import { styleText } from 'node:util';
import type { EnvironmentVariables, TextOutput } from '../context.ts';

/** What a colour stands for; the text says the same without it. */
export type Tone = 'good' | 'bad' | 'warning' | 'faint' | 'strong';

/** Colours a text, or leaves it as it is. */
export type Style = (tone: Tone, text: string) => string;

const formats = {
  good: 'green',
  bad: 'red',
  warning: 'yellow',
  faint: 'dim',
  strong: 'bold',
} as const satisfies Record<Tone, string>;

const plainStyle: Style = (_tone, text) => text;

/** Colours only on a terminal, and not where `NO_COLOR` is set or the terminal is dumb. */
export function styleFor(output: TextOutput, environment: EnvironmentVariables): Style {
  const wanted =
    output.isTTY === true && (environment['NO_COLOR'] ?? '') === '' && environment['TERM'] !== 'dumb';
  if (!wanted) return plainStyle;
  return (tone, text) => styleText(formats[tone], text, { validateStream: false });
}
