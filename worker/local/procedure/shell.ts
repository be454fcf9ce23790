import { readdirSync } from 'node:fs';
import { type FillIns, readText } from './template.ts';

const folder = new URL('shell/', import.meta.url);

/** Names of the shell functions that the texts may use, each a file in `shell/`. */
export function shellFunctionNames(): readonly string[] {
  return readdirSync(folder)
    .map((file) => file.replace(/\.sh$/, ''))
    .sort();
}

/** The definitions of every function that the commands use, those that these use in turn included. */
export function shellFunctionsFor(commands: string, fillIns: FillIns): string[] {
  const all = new Map(
    shellFunctionNames().map((name) => [name, readText(`shell/${name}.sh`, fillIns).trim()]),
  );
  const wanted = new Set<string>();
  const add = (text: string) => {
    for (const [name, definition] of all) {
      if (wanted.has(name) || !uses(text, name)) continue;
      wanted.add(name);
      add(definition);
    }
  };
  add(commands);
  return [...all].flatMap(([name, definition]) => (wanted.has(name) ? [definition] : []));
}

/** Whether a function stands where a command can: at the beginning of a line, or after what separates commands. */
function uses(text: string, name: string): boolean {
  // Writing down and reading again belong together, in one file.
  return new RegExp(`(^|[\\s(;|&{!])(${name}${name === 'note' ? '|noted' : ''})([\\s)";]|$)`, 'm').test(text);
}
