/**
 * The text by which keys are sorted. A slash sorts before everything, so that what lies in a folder directly follows a
 * file of the folder's name, and where the file system does not tell cases apart such keys stand together. Object
 * stores list in different orders, so none of theirs is relied on.
 *
 * @param caseSensitive whether the file system of either side tells `A` from `a`
 */
export function keyOrder(caseSensitive: boolean): (item: { readonly key: string }) => string {
  if (caseSensitive) return ({ key }) => key.replaceAll('/', '\0');
  return ({ key }) => `${fold(key).replaceAll('/', '\u0001')}\0${key}`;
}

/** What is one name on a file system that does not tell cases apart. */
export function fold(name: string): string {
  return name.normalize('NFC').toLowerCase();
}
