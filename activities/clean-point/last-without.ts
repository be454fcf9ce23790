/** The last entry without a property, and the first with it; undefined where there is none. */
export interface Boundary {
  readonly without: string | undefined;
  readonly firstWith: string | undefined;
}

/**
 * Finds in a sorted list where a property begins, by halving: once an entry has it, all later ones are taken to have it
 * as well. The newest is looked at first, since mostly it is clean, then the oldest.
 */
export async function lastWithout(
  keys: readonly string[],
  has: (key: string) => Promise<boolean>,
): Promise<Boundary> {
  const newest = keys.at(-1);
  const [oldest] = keys;
  if (newest === undefined || oldest === undefined) return { without: undefined, firstWith: undefined };
  if (!(await has(newest))) return { without: newest, firstWith: undefined };
  if (keys.length === 1 || (await has(oldest))) return { without: undefined, firstWith: oldest };
  let without = 0;
  let firstWith = keys.length - 1;
  while (firstWith - without > 1) {
    const middle = Math.floor((without + firstWith) / 2);
    const key = keys[middle];
    if (key === undefined) break;
    if (await has(key)) firstWith = middle;
    else without = middle;
  }
  return { without: keys[without], firstWith: keys[firstWith] };
}
