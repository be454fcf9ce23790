/** Quotes an SQL identifier, so that any name is safe in a statement. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Quotes `schema.table`, split at the first dot; without a dot the table is looked for in `public`. */
export function quoteTable(table: string): string {
  const dot = table.indexOf('.');
  const [schema, name] = dot < 0 ? ['public', table] : [table.slice(0, dot), table.slice(dot + 1)];
  return `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`;
}
