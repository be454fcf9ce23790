import { z } from 'zod';
import { createFolderStore } from '../../../activities/adapters/folder-store/index.ts';
import { storeBackup } from '../../../activities/vault/store-backup.ts';
import { vaultOver, work } from './world.ts';

/** The process that `killed.test.ts` kills while it writes backups, one after the other. */
const { connectionString, root, secondRoot, s3 } = z
  .object({
    connectionString: z.string(),
    root: z.string(),
    secondRoot: z.string(),
    s3: z
      .object({
        endpoint: z.string(),
        region: z.string(),
        bucket: z.string(),
        accessKeyId: z.string(),
        secretAccessKey: z.string(),
      })
      .optional(),
  })
  .parse(JSON.parse(process.env['KILLED_WRITER'] ?? ''));
const vault = vaultOver(connectionString, [
  { name: 'local', store: createFolderStore({ root }) },
  { name: 'second', store: await secondStore() },
]);

process.stdout.write('begins\n');
for (let second = 0; ; second += 1) {
  const at = new Date(Date.parse('2025-11-28T00:00:00Z') + second * 1_000).toISOString();
  await storeBackup(vault, { kind: 'recent', at, schemas: ['bulk'], leftoversOlderThanMs: 60_000 }, work);
}

/** The SDK takes half of a process's start: it is loaded where it is needed. */
async function secondStore() {
  if (s3 === undefined) return createFolderStore({ root: secondRoot });
  const { createS3ObjectStore } = await import('../../../activities/adapters/s3/index.ts');
  return createS3ObjectStore(s3);
}
