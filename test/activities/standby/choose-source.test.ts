import { truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chooseStandbySource } from '../../../activities/standby/choose-source.ts';
import { storeBackup } from '../../../activities/vault/store-backup.ts';
import type { StandbyBackupRequest } from '../../../workflows/contracts/standby.ts';
import { startVaultDatabase } from '../vault/vault-database.ts';
import { newFolderLocation, vaultOver, work } from '../vault/world.ts';

const earlier = 'recent/backup-2025-11-28T030000Z.json.gz.enc';
const later = 'recent/backup-2025-11-28T033000Z.json.gz.enc';

describe('choosing the backup to rebuild from', () => {
  let database: Awaited<ReturnType<typeof startVaultDatabase>>;
  let local: Awaited<ReturnType<typeof newFolderLocation>>;
  let second: Awaited<ReturnType<typeof newFolderLocation>>;
  let betweenBoth: string;
  beforeAll(async () => {
    [database, local, second] = await Promise.all([
      startVaultDatabase(),
      newFolderLocation('local'),
      newFolderLocation('second'),
    ]);
    const store = (at: string) =>
      storeBackup(vault(), { kind: 'recent', at, schemas: ['shop'], leftoversOlderThanMs: 60_000 }, work);
    await store('2025-11-28T03:00:00Z');
    betweenBoth = new Date().toISOString();
    await store('2025-11-28T03:30:00Z');
    await truncate(join(local.root, later), 100);
  });
  afterAll(async () => {
    await Promise.all([database.stop(), local.remove(), second.remove()]);
  });

  const vault = () => vaultOver(database.connectionString, [local.location, second.location]);
  const choose = (backup: StandbyBackupRequest | null, readWhole = true) =>
    chooseStandbySource(vault(), { backup, readWhole }, work);

  it('takes the newest that is whole, wherever it lies, and says which copy it passed over', async () => {
    expect(await choose(null)).toMatchObject({
      key: later,
      location: 'second',
      passedOver: [expect.stringContaining(`local/${later}`)],
    });
  });

  it('takes none that shows a later moment than was asked for', async () => {
    const chosen = await choose({ kind: 'not-after', moment: betweenBoth });
    expect(chosen).toMatchObject({ key: earlier, location: 'local' });
    expect(chosen.snapshotAt <= betweenBoth).toBe(true);
    await expect(choose({ kind: 'not-after', moment: '2020-01-01T00:00:00Z' })).rejects.toMatchObject({
      type: 'backup-invalid',
    });
  });

  it.each([later, later.replace('recent/', '')])('takes exactly the one that was named: %s', async (name) => {
    expect(await choose({ kind: 'named', name })).toMatchObject({ key: later, location: 'second' });
  });

  it('refuses a name that no location lists, also where it only looks', async () => {
    for (const readWhole of [true, false]) {
      await expect(choose({ kind: 'named', name: `${later}x` }, readWhole)).rejects.toMatchObject({
        type: 'input-invalid',
      });
    }
  });
});
