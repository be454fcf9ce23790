import type { ObjectStore } from './ports.ts';

/**
 * Lists what lies below a prefix and ends so, newest first. Only where keys begin with a moment behind their prefix.
 *
 * @throws what the store throws: DrError `store-unavailable` (retried) or `store-refused`
 */
export async function newestKeys(
  store: Pick<ObjectStore, 'list'>,
  prefix: string,
  ending = '.json',
): Promise<readonly string[]> {
  return (await store.list(prefix))
    .map(({ key }) => key)
    .filter((key) => key.endsWith(ending))
    .sort()
    .reverse();
}
