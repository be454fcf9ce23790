import { z } from 'zod';

/**
 * # The export format, version 1
 *
 * One JSON document in UTF-8, written as a stream and laid out by lines, so that it can be read by any JSON program, by
 * `jq`, and line by line without holding it in memory:
 *
 * ```text
 * {"format":"vendhub-export","version":1,"database":"…","serverVersion":"…","snapshotAt":"…","lsn":"…",…,"tables":[
 * {"schema":"public","name":"users","columns":[{"name":"id","type":"bigint",…},…],"primaryKey":["id"],"rows":[
 *   ["1","Ada",null],
 *   ["2","Alan","1912-06-23"]
 * ],"rowCount":2}
 * ],"rowCounts":[{"schema":"public","name":"users","rows":2}],
 * "sha256":"…"}
 * ```
 *
 * - A row is one line, indented by two spaces (with them it takes as many bytes as what the database's protocol puts
 *   around it, and is written without being moved): an array with one text per column, in the order of `columns`; SQL NULL is `null`. A text is what
 *   PostgreSQL itself prints for the value under the header's `settings`, so `'<text>'::<type>` gives the value back
 *   exactly, whatever the type. (`row_to_json` was measured and rejected: twice as slow, and 6 of 66 nasty values lost.)
 * - All tables show one snapshot: the database as it was at `snapshotAt`. Nothing in it was committed after `lsn`.
 * - Generated columns are included and marked; an import leaves them out. Partitions are tables of their own; their
 *   parent has no rows and is not listed. Views, foreign tables, large objects, roles and grants are not in it.
 * - `schemaDump`, where it is there, is SQL: `preData` is run before rows are loaded, `postData` after. By hand:
 *   `head -1 export.json | sed 's/$/]}/' | jq -r .schemaDump.preData | psql`.
 * - `sha256` covers every byte before its own line. By hand: `sed '$d' export.json | sha256sum`.
 * - Rows of one table as objects: `jq '.tables[] | select(.name=="users") | [.columns[].name] as $c | .rows[] |
 *   [$c, .] | transpose | map({(.[0]): .[1]}) | add' export.json`
 */
export const exportFormat = { name: 'vendhub-export', version: 1 } as const;

/**
 * Session settings under which PostgreSQL's text output is exact and independent of the server's own configuration. An
 * empty `search_path` makes it write every name with its schema; `row_security=off` makes a table whose rows are hidden
 * from the operator an error instead of a silent gap.
 */
export const exportSettings = {
  timezone: 'UTC',
  datestyle: 'ISO',
  intervalstyle: 'postgres',
  extra_float_digits: '3',
  bytea_output: 'hex',
  lc_monetary: 'C',
  client_encoding: 'UTF8',
  search_path: '',
  row_security: 'off',
} as const;

/** One column of an exported table. */
export const exportColumn = z.object({
  name: z.string(),
  /** As PostgreSQL writes it in a table definition. */
  type: z.string(),
  notNull: z.boolean(),
  /** Set where the server computes the value itself. */
  generated: z.enum(['stored', 'virtual']).nullable(),
  identity: z.enum(['always', 'by default']).nullable(),
});

/** What stands before the rows of a table. */
export const exportTable = z.object({
  schema: z.string(),
  name: z.string(),
  columns: z.array(exportColumn),
  /** Column names in key order; empty when the table has no primary key. */
  primaryKey: z.array(z.string()),
});

/** Where a sequence stood; not part of the snapshot, because sequences never are. */
export const exportSequence = z.object({
  schema: z.string(),
  name: z.string(),
  /** Null while no value was taken. */
  lastValue: z.string().nullable(),
});

/** What stands before the tables. */
export const exportHeader = z.object({
  format: z.literal(exportFormat.name),
  version: z.literal(exportFormat.version),
  database: z.string(),
  serverVersion: z.string(),
  /** RFC 3339, UTC, µs. */
  snapshotAt: z.string(),
  /** Write-ahead log position: everything committed later is not in the export. */
  lsn: z.string(),
  /** Under which several connections of one export saw the same moment. */
  snapshotId: z.string(),
  settings: z.record(z.string(), z.string()),
  sequences: z.array(exportSequence),
  /** The definition of the schemas at the same moment, as `pg_dump` writes it; absent where it was not asked for. */
  schemaDump: z.object({ preData: z.string(), postData: z.string() }).optional(),
});

/** How many rows a table has in the export. */
export const exportRowCount = z.object({ schema: z.string(), name: z.string(), rows: z.int().nonnegative() });

/** See {@link exportTable}. */
export type ExportTable = z.infer<typeof exportTable>;
/** See {@link exportHeader}. */
export type ExportHeader = z.infer<typeof exportHeader>;
/** See {@link exportRowCount}. */
export type ExportRowCount = z.infer<typeof exportRowCount>;
