import type { OperationCheck } from '../../workflows/contracts/operations.ts';
import type { TableFingerprint } from '../vault/fingerprint-tables.ts';
import type { BackedUpTable } from './backup-source.ts';
import type { RowDigests } from './row-sum.ts';

/** What was seen of the rows on their way: promised, read from the backup, read from the restored database. */
export interface Contents {
  readonly promised: readonly BackedUpTable[];
  readonly read: readonly TableFingerprint[];
  readonly readRows: RowDigests;
  readonly restored: RowDigests;
  /** Whether the database may have other tables, which the backup does not know. */
  readonly othersAllowed?: boolean;
}

/**
 * Holds each restored table against the backup and its manifest, once by count and once by content.
 *
 * @returns two checks per table, and one of the list of tables
 */
export function compareContents({
  promised,
  read,
  readRows,
  restored,
  othersAllowed = false,
}: Contents): OperationCheck[] {
  const names = new Set(promised.map(nameOf));
  const others = [...restored.keys()].filter((name) => !names.has(name));
  const surplus = othersAllowed ? [] : others;
  const fingerprints = new Map(read.map((table) => [nameOf(table), table.fingerprint]));
  const list: OperationCheck = {
    name: 'tables',
    passed: surplus.length === 0,
    found: surplus.length === 0 ? `${restored.size - others.length}` : `also ${surplus.join(', ')}`,
    expected: `${names.size} of the manifest${othersAllowed ? '' : ' and no other'}`,
  };
  return [
    list,
    ...promised.flatMap((table) => {
      const name = nameOf(table);
      const found = restored.get(name);
      if (found === undefined) return [missing(`rows of ${name}`, `${table.rows}`)];
      const asPromised = fingerprints.get(name) === table.fingerprint;
      const asRead = readRows.get(name)?.digest === found.digest;
      return [
        {
          name: `rows of ${name}`,
          passed: found.rows === table.rows,
          found: `${found.rows}`,
          expected: `${table.rows}`,
        },
        {
          name: `content of ${name}`,
          passed: asPromised && asRead,
          found: describe(asPromised, asRead),
          expected: 'every row as its fingerprint in the manifest says',
        },
      ];
    }),
  ];
}

function nameOf({ schema, name }: { readonly schema: string; readonly name: string }): string {
  return `${schema}.${name}`;
}

function missing(name: string, expected: string): OperationCheck {
  return { name, passed: false, found: 'no such table', expected };
}

function describe(asPromised: boolean, asRead: boolean): string {
  if (!asPromised) return 'the backup holds other rows than its manifest says';
  return asRead ? 'every row as in the backup' : 'other rows than the backup holds';
}
