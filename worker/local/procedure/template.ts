import { readFileSync } from 'node:fs';

/** What stands in place of `{{name}}` in a text. */
export type FillIns = Readonly<Record<string, string>>;

/**
 * Reads a text beside this file and puts the policy's values into it.
 *
 * @param path relative to this folder
 * @throws Error for a file that is not there, or a name that has no value: a fault of the text
 */
export function readText(path: string, fillIns: FillIns): string {
  const text = readFileSync(new URL(path, import.meta.url), 'utf8');
  return text.replace(/\{\{(\w+)\}\}/g, (_whole, name: string) => {
    const value = fillIns[name];
    if (value === undefined) throw new Error(`${path} asks for {{${name}}}, which has no value.`);
    return value;
  });
}
