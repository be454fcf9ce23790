/** What of a database `pg_dump` writes. */
export interface DumpSelection {
  readonly schemas: readonly string[];
  /** An exported snapshot of an open transaction: the dump is that of the same moment. */
  readonly snapshotId?: string;
}

/**
 * Arguments of `pg_dump` for schemas without the owners of their objects, which another server may not have, and with the
 * extensions that they may need.
 */
export function dumpWords({ schemas, snapshotId }: DumpSelection): readonly string[] {
  return [
    '--format=plain',
    '--encoding=UTF8',
    '--no-password',
    '--no-owner',
    '--strict-names',
    ...schemas.map((schema) => `--schema=${literalPattern(schema)}`),
    ...(snapshotId === undefined ? [] : [`--snapshot=${snapshotId}`]),
  ];
}

/** Makes a dump name every extension of the database: schemas alone would leave them out. */
export const withExtensions = '--extension=*';

/** A name as a pattern that matches itself alone: `pg_dump` folds case and takes `*`, `?` and `.` for wildcards. */
function literalPattern(schema: string): string {
  return `"${schema.replaceAll('"', '""')}"`;
}
