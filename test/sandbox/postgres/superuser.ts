import { Client } from 'pg';

/** A database role and its password. */
export interface Role {
  readonly name: string;
  readonly password: string;
}

/** Runs one statement as the cluster's superuser and gives its last result's rows as text values by column. */
export type Query = (sql: string) => Promise<readonly Readonly<Record<string, string | null>>[]>;

/** One short connection per call: a restore must not find a pooled one half-dead. */
export function superuserQuery(port: number, superuser: Role): Query {
  return async (sql) => {
    const client = new Client({
      host: '127.0.0.1',
      port,
      user: superuser.name,
      password: superuser.password,
      database: 'postgres',
      connectionTimeoutMillis: 10_000,
      application_name: 'sandbox-platform',
      types: { getTypeParser: () => String },
    });
    client.on('error', () => undefined);
    try {
      await client.connect();
      const { rows } = await client.query<Record<string, string | null>>(sql);
      return rows;
    } finally {
      await client.end().catch(() => undefined);
    }
  };
}

/** The only value of the only row. @throws Error when there is none */
export async function singleValue(query: Query, sql: string): Promise<string> {
  const [row] = await query(sql);
  const value = row && Object.values(row)[0];
  if (value === undefined || value === null) throw new Error(`No value came back from: ${sql}`);
  return value;
}
