import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { backupKey, manifestKey } from '../../../activities/vault/backup-name.ts';
import { checkHistory } from '../../../activities/vault/check-history.ts';
import { listBackups } from '../../../activities/vault/list-backups.ts';
import { storeBackup } from '../../../activities/vault/store-backup.ts';
import { startVaultDatabase } from './vault-database.ts';
import { keyringOf, newFolderLocation, vaultOver, work } from './world.ts';

const dayMs = 86_400_000;
const historyMs = 5 * dayMs;
const days = ['2025-11-03', '2025-11-04', '2025-11-05', '2025-11-06', '2025-11-07'];
const keyOf = (day: string) => backupKey('daily', `${day}T00:00:00Z`);

describe('the history of our own backups', () => {
  let database: Awaited<ReturnType<typeof startVaultDatabase>>;
  let local: Awaited<ReturnType<typeof newFolderLocation>>;
  let second: Awaited<ReturnType<typeof newFolderLocation>>;
  beforeAll(async () => {
    database = await startVaultDatabase();
  });
  afterAll(() => database?.stop());
  beforeEach(async () => {
    [local, second] = await Promise.all([newFolderLocation(), newFolderLocation('second')]);
    const vault = vaultOver(database.connectionString, [local.location, second.location]);
    for (const day of days) {
      const at = `${day}T03:00:00Z`;
      await storeBackup(vault, { kind: 'daily', at, schemas: ['shop'], leftoversOlderThanMs: 60_000 }, work);
    }
    return async () => {
      await Promise.all([local.remove(), second.remove()]);
    };
  });

  const look = async (now = '2025-11-07T04:00:00Z') => {
    const listings = await Promise.all(
      [local, second].map(async ({ location, store }) => ({ location, listed: await listBackups(store) })),
    );
    const checks = await checkHistory(listings, { keyring: keyringOf(), now, historyMs }, work);
    return checks.map(({ name, passed, advisory, found }) => {
      const state = passed ? 'ok' : advisory ? 'NOTICE' : 'FAILED';
      return `${state} ${name}: ${found}`;
    });
  };
  const lose = async ({ root }: { readonly root: string }, day: string) => {
    await rm(join(root, keyOf(day)));
    await rm(join(root, manifestKey(keyOf(day))));
  };

  it('is listed, and all of it is read at the first location, one in turn at the others', async () => {
    expect(await look()).toEqual([
      'ok own history of daily backups: 5 of 5 days; 2025-11-03 to 2025-11-07',
      'ok older exports whole (local): 5 days, 5 read whole',
      'ok older exports whole (second): 5 days, 1 read whole',
    ]);
  });

  it('wants today only when it is there, and no day before the first backup', async () => {
    expect((await look('2025-11-08T01:00:00Z'))[0]).toBe(
      'ok own history of daily backups: 5 of 5 days; 2025-11-03 to 2025-11-07',
    );
    for (const place of [local, second]) await lose(place, '2025-11-03');
    expect((await look())[0]).toBe(
      'ok own history of daily backups: 4 of 5 days; 2025-11-04 to 2025-11-07; the first backup is of 2025-11-04',
    );
  });

  it('names the days that no location has', async () => {
    for (const place of [local, second]) await lose(place, '2025-11-05');
    expect((await look('2025-11-09T01:00:00Z'))[0]).toBe(
      'FAILED own history of daily backups: 3 of 5 days; 2025-11-04, 2025-11-06 to 2025-11-07; missing: 2025-11-05, 2025-11-08',
    );
  });

  it('gives as advice what one location lacks and another has', async () => {
    await lose(second, '2025-11-05');
    expect(await look()).toEqual([
      'ok own history of daily backups: 5 of 5 days; 2025-11-03 to 2025-11-07',
      'ok older exports whole (local): 5 days, 5 read whole',
      'ok older exports whole (second): 4 days, 1 read whole',
      'NOTICE own history complete (second): lacks 2025-11-05, held elsewhere',
    ]);
  });

  it('does not count an old one whose bytes were altered, whatever its size', async () => {
    const bytes = (await listBackups(local.store)).find(({ key }) => key === keyOf('2025-11-04'))?.bytes ?? 0;
    await writeFile(join(local.root, keyOf('2025-11-04')), Buffer.alloc(bytes, 7));
    const found = await look();
    expect(found[1]).toMatch(
      /^FAILED older exports whole \(local\): The backup "daily\/backup-2025-11-04.* bytes were altered/,
    );
    expect(found).toContain('NOTICE own history complete (local): lacks 2025-11-04, held elsewhere');
  });

  it('finds an altered old one at the other locations within as many days as there are backups', async () => {
    const bytes =
      (await listBackups(second.store)).find(({ key }) => key === keyOf('2025-11-04'))?.bytes ?? 0;
    await writeFile(join(second.root, keyOf('2025-11-04')), Buffer.alloc(bytes, 7));
    const found: string[] = [];
    for (let day = 7; day < 12; day += 1) {
      found.push((await look(`2025-11-${String(day).padStart(2, '0')}T04:00:00Z`))[2] ?? '');
    }
    expect(found.filter((line) => line.startsWith('FAILED'))).toHaveLength(1);
    await writeFile(join(second.root, keyOf('2025-11-04')), 'cut');
    expect((await look())[2]).toMatch(/^FAILED .* has 3 bytes instead of/);
  });

  it('says when there is nothing at all', async () => {
    for (const day of days) for (const place of [local, second]) await lose(place, day);
    expect((await look())[0]).toBe('FAILED own history of daily backups: 0 of 5 days; no day');
  });
});
