import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createScratchPostgres } from '../../../../activities/adapters/scratch-postgres/index.ts';
import type { ScratchServer } from '../../../../activities/ports.ts';
import { queryAs } from '../../../sandbox/postgres/test-cluster.ts';
import { failureOf } from '../../failure-of.ts';
import { newServerFolder, ownServer } from '../../restore-test/world.ts';

let folder: Awaited<ReturnType<typeof newServerFolder>>;
let server: ScratchServer;

beforeAll(async () => {
  folder = await newServerFolder();
  // As a container leaves it that was killed and started again: the new process has the number of the old one.
  const left = join(folder.folderRoot, 'vendhub-dr-scratch-left');
  await mkdir(left);
  await writeFile(join(left, 'owner.pid'), String(process.pid));
  await mkdir(join(folder.folderRoot, 'of-somebody-else'));
  await writeFile(join(folder.folderRoot, 'of-somebody-else', 'owner.pid'), String(process.pid));
  server = await createScratchPostgres(await ownServer(folder.folderRoot)).open();
});
afterAll(() => folder.remove());

describe('a server of its own', () => {
  it('removes what a process of the same number left, and nothing else', () => {
    expect(existsSync(join(folder.folderRoot, 'vendhub-dr-scratch-left'))).toBe(false);
    expect(existsSync(join(folder.folderRoot, 'of-somebody-else'))).toBe(true);
  });

  it('lets in with its password only, and listens on this machine only', async () => {
    const url = new URL(server.connectionString('postgres'));
    expect(await queryAs(url.toString(), 'SHOW listen_addresses')).toEqual([['127.0.0.1']]);
    url.password = 'wrong';
    await expect(queryAs(url.toString(), 'SELECT 1')).rejects.toThrow('password authentication failed');
  });

  it('stands beside a second one', async () => {
    const second = await createScratchPostgres(await ownServer(folder.folderRoot)).open();
    try {
      expect(await queryAs(second.connectionString(), 'SELECT 1')).toEqual([[1]]);
      expect(await queryAs(server.connectionString(), 'SELECT 1')).toEqual([[1]]);
    } finally {
      await second.close();
    }
  });

  it('says why it cannot be started', async () => {
    const options = await ownServer(folder.folderRoot);
    const nowhere = createScratchPostgres({ ...options, folderRoot: join(folder.folderRoot, 'nowhere') });
    expect(await failureOf(nowhere.open())).toMatchObject({ type: 'restore-test-failed', retried: false });
  });
});

describe('an existing server', () => {
  it('is reached with other databases, and is not closed', async () => {
    const existing = await createScratchPostgres({ connectionString: server.connectionString() }).open();
    await existing.close();
    expect(await queryAs(existing.connectionString('template1'), 'SELECT current_database()')).toEqual([
      ['template1'],
    ]);
  });

  it('is refused where its connection string cannot be read, without showing it', async () => {
    const failure = await failureOf(createScratchPostgres({ connectionString: 'pass word' }).open());
    expect(failure.type).toBe('configuration-invalid');
    expect(failure.message).not.toContain('pass word');
  });
});

describe('the end of a server', () => {
  it('leaves neither process nor folder', async () => {
    await server.close();
    const { stdout } = await execa('ps', ['-eo', 'args=', '-ww']);
    expect(stdout).not.toContain(folder.folderRoot);
    expect(await folder.servers()).toEqual([join(folder.folderRoot, 'of-somebody-else')]);
  });
});
