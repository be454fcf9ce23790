import type { Section } from '../../contracts/document.ts';

/** A section of one list; none where the list is empty. */
export function listSection(title: string, items: readonly string[]): readonly Section[] {
  return items.length === 0 ? [] : [{ title, blocks: [{ kind: 'list', items }] }];
}

/**
 * A section of one table; none where it has no rows.
 *
 * @param numeric columns of numbers, from 0
 */
export function tableSection(
  title: string,
  head: readonly string[],
  rows: readonly (readonly string[])[],
  numeric: readonly number[] = [],
): readonly Section[] {
  return rows.length === 0 ? [] : [{ title, blocks: [{ kind: 'table', head, rows, numeric }] }];
}
