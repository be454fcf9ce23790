import { DrError } from '../errors.ts';

/** Something that is chosen by the name of its table. */
interface Named {
  readonly schema: string;
  readonly name: string;
  /** Partitioned tables that it is part of. */
  readonly partOf?: readonly { readonly schema: string; readonly name: string }[];
}

/**
 * Picks tables by name.
 *
 * @param wanted `name` or `schema.name`; a partitioned table stands for all its partitions; undefined is every table
 * @param place where the tables lie, for the message
 * @throws DrError `input-invalid` naming every table that is not there
 */
export function selectTables<T extends Named>(
  tables: readonly T[],
  wanted: readonly string[] | undefined,
  place: string,
): readonly T[] {
  if (wanted === undefined) return tables;
  const answers = (table: T, name: string) =>
    [table, ...(table.partOf ?? [])].some((one) => name === one.name || name === `${one.schema}.${one.name}`);
  const missing = wanted.filter((name) => !tables.some((table) => answers(table, name)));
  if (missing.length > 0) {
    throw new DrError('input-invalid', {
      happened: `${place} has no table ${missing.map((name) => JSON.stringify(name)).join(', ')}.`,
      meaning: 'Nothing was read or changed.',
      next: 'Correct the names; a name with its schema is written schema.table.',
    });
  }
  return tables.filter((table) => wanted.some((name) => answers(table, name)));
}
