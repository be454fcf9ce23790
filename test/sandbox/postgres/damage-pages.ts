import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { z } from 'zod';

const pageBytes = 8192;

/** What a page is overwritten with: zeros pass every checksum, garbage does not. */
export interface PageDamage {
  /** Counted from 0. */
  readonly page: number;
  readonly with: 'zeros' | 'garbage';
}

/** What is needed of a server to damage its files. */
interface DamageableServer {
  readonly dataFolder: string;
  stop(): Promise<void>;
  start(): Promise<void>;
}

const filePath = z.tuple([z.object({ path: z.string() })]);

/**
 * Overwrites pages of a table's file behind the server's back, as a failing disk does. The server is stopped meanwhile,
 * so that none of them lies in its memory.
 *
 * @param table quoted where needed
 */
export async function damagePages(
  server: DamageableServer,
  superuserUrl: string,
  table: string,
  damages: readonly PageDamage[],
): Promise<void> {
  const client = new Client({ connectionString: superuserUrl });
  await client.connect();
  // The stop below ends this connection as well.
  client.on('error', () => {});
  const { rows } = await client.query('SELECT pg_relation_filepath($1::regclass) AS path', [table]);
  await client.end();
  const [{ path }] = filePath.parse(rows);
  await server.stop();
  const file = await open(join(server.dataFolder, path), 'r+');
  try {
    for (const { page, with: content } of damages) {
      const bytes = content === 'zeros' ? Buffer.alloc(pageBytes) : Buffer.alloc(pageBytes / 2, 'damage');
      await file.write(bytes, 0, bytes.length, pageBytes * page + (pageBytes - bytes.length));
    }
  } finally {
    await file.close();
  }
  await server.start();
}
