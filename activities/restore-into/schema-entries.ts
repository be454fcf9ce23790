/** One object of a schema dump. */
export interface SchemaEntry {
  /** As `pg_dump` names it: `TABLE`, `FK CONSTRAINT`, `INDEX`, `EXTENSION` and so on. */
  readonly type: string;
  readonly name: string;
  /** The statements that make it. */
  readonly sql: string;
}

/** A part of a schema dump, ready to be run piece by piece. */
export interface SchemaEntries {
  /** Session settings that must be in force while the entries run, one statement each. */
  readonly settings: readonly string[];
  readonly entries: readonly SchemaEntry[];
}

const heading = /^--\n-- (?:Data for )?Name: (.*); Type: ([A-Z][A-Z ]*); Schema: .*\n--\n/gm;
/** What `psql` alone understands: it guards a restore by `psql` against commands inside the dump. */
const metaCommand = /^\\(?:un)?restrict .*$/gm;

/** Splits the SQL of `pg_dump` at the comment that stands before each object, so that one that fails can be named. */
export function readSchemaEntries(sql: string): SchemaEntries {
  const text = sql.replace(metaCommand, '');
  const headings = [...text.matchAll(heading)];
  const settings = text
    .slice(0, headings[0]?.index ?? text.length)
    .split('\n')
    .filter((line) => /^S(?:ET|ELECT) .*;$/.test(line));
  const entries = headings.map(({ index, 0: comment, 1: name = '', 2: type = '' }, position) => ({
    type,
    name,
    sql: text.slice(index + comment.length, headings[position + 1]?.index ?? text.length).trim(),
  }));
  return { settings, entries };
}
