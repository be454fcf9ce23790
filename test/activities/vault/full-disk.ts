import { readdir, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { createFolderStore } from '../../../activities/adapters/folder-store/index.ts';
import { listBackups } from '../../../activities/vault/list-backups.ts';
import { storeBackup } from '../../../activities/vault/store-backup.ts';
import { verifyContent } from '../../../activities/vault/verify-backup.ts';
import { keyringOf, vaultOver, work } from './world.ts';

/**
 * The process of `faults.test.ts` that has a small disk of its own, which goes with it. For each case it leaves so many bytes free,
 * stores a backup there and in a second folder, makes room, and stores it again.
 */
const { connectionString, root, secondRoot, freeBytes } = z
  .object({
    connectionString: z.string(),
    root: z.string(),
    secondRoot: z.string(),
    freeBytes: z.array(z.int()),
  })
  .parse(JSON.parse(process.env['FULL_DISK'] ?? ''));
const local = createFolderStore({ root });
const second = createFolderStore({ root: secondRoot });
const vault = vaultOver(connectionString, [
  { name: 'local', store: local },
  { name: 'second', store: second },
]);
const ballast = join(root, '.ballast');

const found: object[] = [];
for (const [index, free] of freeBytes.entries()) {
  const { bavail, bsize } = await statfs(root);
  await writeFile(ballast, Buffer.alloc(bavail * bsize - free));
  const store = () =>
    storeBackup(
      vault,
      { kind: 'recent', at: `2025-11-28T00:00:0${index}Z`, schemas: ['bulk'], leftoversOlderThanMs: 0 },
      work,
    );
  const full = await store();
  const { key } = full.backup;
  const after = {
    names: await readdir(root),
    unfinished: await readdir(join(root, '.unfinished')),
    listed: (await listBackups(local)).some((backup) => backup.key === key),
    objects: (await local.list('recent/')).filter((object) => object.key.startsWith(key)).length,
  };
  await rm(ballast);
  const mended = await store();
  await verifyContent({ store: local, keyring: keyringOf() }, key, work).catch(() => undefined);
  found.push({
    full: full.backup.locations,
    after,
    mended: mended.backup.locations,
    bytes: full.backup.bytes,
  });
  for (const { key: name } of await local.list('recent/')) await local.remove(name);
}
process.stdout.write(JSON.stringify(found));
