import { fold } from './key-order.ts';
import type { Refusal } from './keys.ts';

/**
 * Leaves out the keys that cannot be files beside each other: of a file and a folder of one name the file, and where
 * cases are not told apart the later of two spellings.
 *
 * @param objects sorted by `keyOrder` of the same `caseSensitive`
 * @param refused is told of each one that is left out
 */
export async function* withoutClashes<T extends { readonly key: string }>(
  objects: AsyncIterable<T>,
  caseSensitive: boolean,
  refused: (object: T, why: Refusal) => void,
): AsyncGenerator<T> {
  const same = caseSensitive ? (name: string) => name : fold;
  let held: T | undefined;
  let spelling: readonly string[] = [];
  for await (const object of objects) {
    const names = object.key.split('/');
    if (!caseSensitive && differsInCase(spelling, names)) {
      refused(object, 'same name but for case');
      continue;
    }
    spelling = names;
    if (held !== undefined) {
      if (same(object.key).startsWith(`${same(held.key)}/`)) refused(held, 'file and folder of one name');
      else yield held;
    }
    held = object;
  }
  if (held !== undefined) yield held;
}

function differsInCase(before: readonly string[], now: readonly string[]): boolean {
  for (const [position, name] of now.entries()) {
    const other = before[position];
    if (other === undefined || fold(other) !== fold(name)) return false;
    if (other !== name) return true;
  }
  return false;
}
