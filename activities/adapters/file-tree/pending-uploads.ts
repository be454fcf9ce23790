import { createHash } from 'node:crypto';
import { appendFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { PendingUpload, StoredPart, SyncState } from '../../uploads/ports.ts';
import { fileErrorCode, inTree } from './failure.ts';

const headShape = z.object({ bucket: z.string(), key: z.string(), content: z.string(), id: z.string() });
const partShape = z.object({ number: z.int().min(1), etag: z.string(), crc32: z.string() });

type PendingMethods = Pick<
  SyncState,
  'pendingUpload' | 'rememberUpload' | 'rememberPart' | 'forgetUpload' | 'abandonedUploads'
>;

/** Remembers uploads in parts: one file of JSON lines each, its head first, then a line for each part stored. */
export function createPendingUploads(folder: string): PendingMethods {
  const asked = new Set<string>();
  const pathOf = (bucket: string, key: string) => {
    const name = createHash('sha256').update(`${bucket}\0${key}`).digest('hex').slice(0, 40);
    asked.add(name);
    return join(folder, name);
  };

  return {
    async pendingUpload(bucket, key, content) {
      const found = await read(pathOf(bucket, key));
      return found?.head.content === content ? { id: found.head.id, parts: found.parts } : undefined;
    },
    async rememberUpload(bucket, key, content, id) {
      await inTree(`remembering the upload of "${key}"`, async () => {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        await writeFile(pathOf(bucket, key), `${JSON.stringify({ bucket, key, content, id })}\n`);
      });
    },
    async rememberPart(bucket, key, part) {
      await inTree(`remembering a part of "${key}"`, () =>
        appendFile(pathOf(bucket, key), `${JSON.stringify(part)}\n`),
      );
    },
    async forgetUpload(bucket, key) {
      await rm(pathOf(bucket, key), { force: true });
    },
    async abandonedUploads(bucket) {
      const found = [];
      for (const name of await readdir(folder).catch(() => [])) {
        const pending = asked.has(name) ? undefined : await read(join(folder, name));
        if (pending?.head.bucket === bucket) found.push({ key: pending.head.key, id: pending.head.id });
      }
      return found;
    },
  };
}

async function read(
  path: string,
): Promise<{ head: z.infer<typeof headShape>; parts: PendingUpload['parts'] } | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (fileErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
  const lines = text.split('\n').flatMap((line) => {
    try {
      return [JSON.parse(line)];
    } catch {
      return [];
    }
  });
  const head = headShape.safeParse(lines[0]);
  if (!head.success) return undefined;
  const parts = lines.slice(1).flatMap((line): StoredPart[] => {
    const part = partShape.safeParse(line);
    return part.success ? [part.data] : [];
  });
  return { head: head.data, parts };
}
