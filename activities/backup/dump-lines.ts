/** What stands before each object in a dump of `pg_dump`. */
export interface DumpHeading {
  readonly name: string;
  /** As `pg_dump` names it: `TABLE`, `TABLE DATA`, `ACL`, `EXTENSION` and so on. */
  readonly type: string;
}

/** A table whose rows follow. */
export interface DumpedName {
  readonly schema: string;
  readonly name: string;
}

/** Stands behind the last object of a dump that was written to its end. */
export const dumpTrailer = '-- PostgreSQL database dump complete';

const heading = /^-- (?:Data for )?Name: (.*); Type: ([A-Z][A-Z ]*); Schema: /;
const identifier = '("(?:[^"]|"")+"|[^\\s".(]+)';
const copy = new RegExp(`^COPY ${identifier}\\.${identifier} .*FROM stdin;$`);

/** Reads the comment before an object; undefined for any other line. */
export function readHeading(line: string): DumpHeading | undefined {
  const [, name, type] = heading.exec(line) ?? [];
  return name === undefined || type === undefined ? undefined : { name, type };
}

/** Reads the line that rows follow; undefined for any other line. */
export function readCopyLine(line: string): DumpedName | undefined {
  const [, schema, name] = copy.exec(line) ?? [];
  return schema === undefined || name === undefined
    ? undefined
    : { schema: unquoted(schema), name: unquoted(name) };
}

/** Whether a line ends the rows of a table: no row is written like that. */
export function endsRows(line: Buffer): boolean {
  return line.length === 2 && line[0] === 0x5c && line[1] === 0x2e;
}

function unquoted(identifierText: string): string {
  return identifierText.startsWith('"') ? identifierText.slice(1, -1).replaceAll('""', '"') : identifierText;
}
