/** An identifier as PostgreSQL writes it, quoted where it must be. */
const identifier = '(?:"(?:[^"]|"")*"|[^."]+)';
const line =
  /^(?<grantee>.+?): (?<privilege>[A-Z ]+) on (?<kind>schema|sequence|table|function|column|role|server)(?: (?<name>.+))?$/;
const column = new RegExp(`^(?<table>${identifier}\\.${identifier})\\.(?<column>${identifier})$`);

/** Whether a line of a listing of grants meets a pattern in which `*` stands for any text. */
export function meetsPattern(grantLine: string, pattern: string): boolean {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(grantLine);
}

/** Who holds what a line of a listing of grants says; undefined for a line of another shape. */
export function granteeOf(grantLine: string): string | undefined {
  return line.exec(grantLine)?.groups?.['grantee'];
}

/**
 * The statement that takes a grant back, from a line of a listing of grants. The names in it are quoted by PostgreSQL.
 *
 * @returns undefined for a line of another shape
 */
export function revocation(grantLine: string): string | undefined {
  const { grantee, privilege, kind, name = '' } = line.exec(grantLine)?.groups ?? {};
  switch (kind) {
    case 'schema':
    case 'sequence':
    case 'table':
      return `REVOKE ${privilege} ON ${kind.toUpperCase()} ${name} FROM ${grantee}`;
    case 'function':
      return `REVOKE ${privilege} ON ROUTINE ${name} FROM ${grantee}`;
    case 'column': {
      const parts = column.exec(name)?.groups;
      return parts === undefined
        ? undefined
        : `REVOKE ${privilege} (${parts['column']}) ON TABLE ${parts['table']} FROM ${grantee}`;
    }
    case 'role':
      return `REVOKE ${name} FROM ${grantee}`;
    case 'server':
      return `ALTER ROLE ${grantee} NO${privilege}`;
    default:
      return undefined;
  }
}
