import { type FileHandle, open } from 'node:fs/promises';
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
 * @returns writes the same pages back as they were, in the same way
 */
export async function damagePages(
  server: DamageableServer,
  superuserUrl: string,
  table: string,
  damages: readonly PageDamage[],
): Promise<() => Promise<void>> {
  const client = new Client({ connectionString: superuserUrl });
  await client.connect();
  // The stop below ends this connection as well.
  client.on('error', () => {});
  const { rows } = await client.query('SELECT pg_relation_filepath($1::regclass) AS path', [table]);
  await client.end();
  const [{ path }] = filePath.parse(rows);
  const undamaged: { readonly page: number; readonly bytes: Buffer }[] = [];
  await whileStopped(server, path, async (file) => {
    for (const { page, with: content } of damages) {
      const before = Buffer.alloc(pageBytes);
      await file.read(before, 0, pageBytes, pageBytes * page);
      undamaged.push({ page, bytes: before });
      const bytes = content === 'zeros' ? Buffer.alloc(pageBytes) : Buffer.alloc(pageBytes / 2, 'damage');
      await file.write(bytes, 0, bytes.length, pageBytes * page + (pageBytes - bytes.length));
    }
  });
  return () =>
    whileStopped(server, path, async (file) => {
      for (const { page, bytes } of undamaged) await file.write(bytes, 0, pageBytes, pageBytes * page);
    });
}

async function whileStopped(
  server: DamageableServer,
  path: string,
  work: (file: FileHandle) => Promise<void>,
): Promise<void> {
  await server.stop();
  const file = await open(join(server.dataFolder, path), 'r+');
  try {
    await work(file);
  } finally {
    await file.close();
  }
  await server.start();
}
