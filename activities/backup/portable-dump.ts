import { type DumpHeading, endsRows, readCopyLine, readHeading } from './dump-lines.ts';

const lineEnd = 0x0a;

/** What belongs to a server and not to the data: a restore goes on without it. */
const dispensableTypes = new Set([
  'ACL',
  'DEFAULT ACL',
  'EXTENSION',
  'POLICY',
  'PUBLICATION',
  'PUBLICATION TABLE',
  'PUBLICATION TABLES IN SCHEMA',
  'SECURITY LABEL',
]);
const dispensableComment = /^COMMENT ON (?:EXTENSION|SCHEMA) .*;$/;
const extensionSchema = /^CREATE EXTENSION IF NOT EXISTS .* WITH SCHEMA (?!pg_)(.+);$/;
const newerSetting = /^SET (transaction_timeout) = (\w+);$/;

/**
 * Makes a dump of `pg_dump` loadable as one transaction by another server: `public`, which every database has, is no
 * error; nor is a role, an extension or a right that the server does not have: what needs it is left out with a warning that
 * names it. `pg_dump` and `psql` alone would have to go on after every error to get there.
 */
export async function* portableDump(dump: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  const rewriter = new Rewriter();
  let begun: Buffer[] = [];
  for await (const chunk of dump) {
    const written: Buffer[] = [];
    let from = 0;
    for (let end = chunk.indexOf(lineEnd); end !== -1; end = chunk.indexOf(lineEnd, from)) {
      const line = chunk.subarray(from, end + 1);
      written.push(...rewriter.line(begun.length === 0 ? line : Buffer.concat([...begun, line])));
      begun = [];
      from = end + 1;
    }
    if (from < chunk.length) begun.push(chunk.subarray(from));
    if (written.length > 0) yield Buffer.concat(written);
  }
  const rest = [...rewriter.end(), ...begun];
  if (rest.length > 0) yield Buffer.concat(rest);
}

/** Follows a dump line by line; rows are not looked at. */
class Rewriter {
  #heading: DumpHeading | undefined;
  #inRows = false;
  #statement: string[] = [];

  /** @param line with its line end */
  line(line: Buffer): readonly Buffer[] {
    if (this.#inRows) {
      this.#inRows = !endsRows(line.subarray(0, -1));
      return [line];
    }
    const text = line.toString('utf8').slice(0, -1);
    const heading = readHeading(text);
    if (heading !== undefined) {
      this.#heading = heading;
      return [line];
    }
    if (this.#heading?.type === 'TABLE DATA') this.#inRows = readCopyLine(text) !== undefined;
    return this.#rewrite(text, line);
  }

  /** What is held back at the end, as it came. */
  end(): readonly Buffer[] {
    return this.#statement.map((line) => Buffer.from(`${line}\n`));
  }

  #rewrite(text: string, line: Buffer): readonly Buffer[] {
    if (this.#statement.length === 0 && !this.#beginsDispensable(text)) {
      const other = this.#otherwise(text);
      return [other === undefined ? line : Buffer.from(`${other}\n`)];
    }
    // The statement ends at the line end behind its semicolon that an empty line follows.
    if (text === '' && this.#statement.at(-1)?.endsWith(';') === true) {
      const statement = this.#statement.join('\n');
      this.#statement = [];
      return [Buffer.from(`${guarded(statement, this.#heading)}\n\n`)];
    }
    this.#statement.push(text);
    return [];
  }

  #beginsDispensable(text: string): boolean {
    if (text === '' || text.startsWith('--') || this.#heading === undefined) return false;
    const { type } = this.#heading;
    return dispensableTypes.has(type) || (type === 'COMMENT' && dispensableComment.test(text));
  }

  #otherwise(text: string): string | undefined {
    if (this.#heading?.type === 'SCHEMA') {
      return text.replace(/^CREATE SCHEMA (.*);$/, 'CREATE SCHEMA IF NOT EXISTS $1;');
    }
    const [, name, value] = newerSetting.exec(text) ?? [];
    if (name === undefined || this.#heading !== undefined) return undefined;
    return `SELECT pg_catalog.set_config(name, '${value}', false) FROM pg_catalog.pg_settings WHERE name = '${name}';`;
  }
}

/** Several statements, each on a line of its own, are guarded one by one: a missing role takes none but its own with it. */
function guarded(statements: string, heading: DumpHeading | undefined): string {
  const type = heading?.type ?? '';
  const single = type === 'POLICY' ? [statements] : statements.split(/(?<=;)\n/);
  const what = `${type} ${heading?.name ?? ''}`.replaceAll("'", "''");
  return single
    .map((statement) => {
      const tag = tagFor(statement);
      const schema = extensionSchema.exec(statement)?.[1];
      const before = schema === undefined ? '' : `CREATE SCHEMA IF NOT EXISTS ${schema};\n`;
      return `DO ${tag} BEGIN\n${before}${statement}\nEXCEPTION WHEN OTHERS THEN RAISE WARNING 'left out: % (%)', '${what}', SQLERRM;\nEND ${tag};`;
    })
    .join('\n');
}

function tagFor(statement: string): string {
  let tag = '$left_out$';
  for (let turn = 1; statement.includes(tag); turn += 1) tag = `$left_out_${turn}$`;
  return tag;
}
