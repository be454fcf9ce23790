import { Client, DatabaseError, escapeIdentifier, escapeLiteral } from 'pg';
import type { SandboxPostgres } from '../postgres/sandbox-postgres.ts';
import { makePlatformRoles, readOnlyRole } from './platform-roles.ts';
import { Refused } from './refused.ts';

/** A statement of somebody else, and as which role it runs. */
interface StatementOfOthers {
  readonly sql: string;
  readonly parameters?: readonly unknown[];
  readonly role: string;
}

/** The database of the project as its host reaches it. */
export class ProjectDatabase {
  readonly #cluster: SandboxPostgres;
  readonly #database: string;
  readonly #administrator: string;

  /** @param options.administrator the role whose password the project's owner may set */
  constructor(options: {
    readonly cluster: SandboxPostgres;
    readonly database: string;
    readonly administrator: string;
  }) {
    this.#cluster = options.cluster;
    this.#database = options.database;
    this.#administrator = options.administrator;
  }

  async setPassword(password: string): Promise<void> {
    await this.query(
      `ALTER ROLE ${escapeIdentifier(this.#administrator)} PASSWORD ${escapeLiteral(password)}`,
    );
  }

  /** Runs a statement of the host's own as superuser. @throws Refused while the project is down */
  query(sql: string): Promise<readonly Record<string, unknown>[]> {
    return this.#connected(async (client) => (await client.query<Record<string, unknown>>(sql)).rows);
  }

  /** One statement that cannot write. @throws Refused with PostgreSQL's words */
  readOnly(sql: string, parameters: readonly unknown[]): Promise<readonly unknown[]> {
    return this.#asRole({ sql, parameters, role: readOnlyRole });
  }

  /** One row of a table as the API would read it. @throws Refused with PostgreSQL's words */
  readTable(table: string, role: string): Promise<readonly unknown[]> {
    return this.#asRole({ sql: `SELECT * FROM public.${escapeIdentifier(table)} LIMIT 1`, role });
  }

  async #asRole({ sql, parameters = [], role }: StatementOfOthers): Promise<readonly unknown[]> {
    await this.#makeRoles();
    return this.#connected(async (client) => {
      try {
        await client.query('BEGIN READ ONLY');
        await client.query(`SET LOCAL ROLE ${escapeIdentifier(role)}`);
        // A named statement takes one command only: no COMMIT behind it.
        const { rows } = await client.query<Record<string, unknown>>({
          name: 'of-others',
          text: sql,
          values: [...parameters],
        });
        return rows;
      } catch (error) {
        if (!(error instanceof DatabaseError)) throw error;
        throw new Refused(`Failed to run sql query: ERROR:  ${error.code}: ${error.message}`);
      }
    });
  }

  /** Made when first needed, because a restore may have taken them away again. */
  async #makeRoles(): Promise<void> {
    await this.query(makePlatformRoles);
  }

  async #connected<T>(use: (client: Client) => Promise<T>): Promise<T> {
    if (this.#cluster.status() !== 'running') throw new Refused('The project is not running.');
    const client = new Client({
      connectionString: this.#cluster.connectionString(this.#cluster.superuser, this.#database),
      application_name: 'sandbox-platform',
    });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return await use(client);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}
