import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listBackups } from '../../../activities/vault/list-backups.ts';
import type { VaultLocation } from '../../../activities/vault/location.ts';
import { storeBackup } from '../../../activities/vault/store-backup.ts';
import { verifyBackup, verifyContent } from '../../../activities/vault/verify-backup.ts';
import { buildProgram, programArguments } from '../../sandbox/process/typescript-program.ts';
import { startTestStore } from '../../sandbox/s3/test-store.ts';
import { startVaultDatabase } from './vault-database.ts';
import { keyringOf, newFolderLocation, vaultOver, work } from './world.ts';

const writer = join(import.meta.dirname, 'killed-writer.ts');
const kills = 10;
/** A backup takes about 300 ms in a writer of its own: a kill within this meets every phase of the first or a later one. */
const latestKillMs = 900;

describe('a writer that is killed', () => {
  let database: Awaited<ReturnType<typeof startVaultDatabase>>;
  let storage: Awaited<ReturnType<typeof startTestStore>>;
  beforeAll(async () => {
    [database, storage] = await Promise.all([startVaultDatabase(), startTestStore(), buildProgram(writer)]);
  });
  afterAll(async () => {
    await storage.stop();
    await database.stop();
  });

  const killOnce = async (settings: object, afterMs: number) => {
    const child = spawn(process.execPath, programArguments(writer), {
      env: { ...process.env, KILLED_WRITER: JSON.stringify(settings), NODE_NO_WARNINGS: '1' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(child, 'exit');
    await once(child.stdout, 'data');
    await delay(afterMs);
    child.kill('SIGKILL');
    expect((await ended)[1]).toBe('SIGKILL');
  };

  it.concurrent.each(['two folders', 'a folder and S3'])(
    'leaves nothing in %s that is taken for a backup, and the next run succeeds',
    async (where) => {
      const withS3 = where === 'a folder and S3';
      const folder = await newFolderLocation();
      const other = await newFolderLocation();
      const store = withS3 ? storage.store : other.store;
      const locations: VaultLocation[] = [folder.location, { name: 'second', store }];
      const settings = {
        connectionString: database.connectionString,
        root: folder.root,
        secondRoot: other.root,
        ...(withS3 ? { s3: { ...storage.s3, bucket: storage.store.bucket } } : {}),
      };
      const vault = vaultOver(database.connectionString, locations);
      try {
        for (let kill = 0; kill < kills; kill += 1) {
          const afterMs = randomInt(latestKillMs);
          await killOnce(settings, afterMs);
          for (const { name, store } of locations) {
            for (const { key } of await listBackups(store)) {
              const verified = await verifyBackup({ store, keyring: keyringOf() }, key, work);
              expect(verified.key, `${name} after a kill at ${afterMs} ms`).toBe(key);
            }
          }
          const at = `2025-11-29T00:00:0${kill}Z`;
          const { backup, leftovers } = await storeBackup(
            vault,
            { kind: 'recent', at, schemas: ['bulk'], leftoversOlderThanMs: 0 },
            work,
          );
          expect(backup.locations).toEqual([
            { location: 'local', stored: true, how: 'exported' },
            { location: 'second', stored: true, how: 'exported' },
          ]);
          expect(leftovers.map(({ failure }) => failure)).toEqual([null, null]);
          for (const { store } of locations) {
            const backups = await listBackups(store);
            expect((await store.list('')).length).toBe(2 * backups.length);
            expect(backups[0]?.key).toBe(backup.key);
          }
          expect(await readdir(join(folder.root, '.unfinished'))).toEqual([]);
          await verifyContent({ store: folder.store, keyring: keyringOf() }, backup.key, work);
        }
      } finally {
        await Promise.all([folder.remove(), other.remove()]);
      }
    },
  );
});
