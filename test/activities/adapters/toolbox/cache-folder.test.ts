import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  folderClosedToOthers,
  toolboxCacheFolder,
} from '../../../../activities/adapters/toolbox/cache-folder.ts';

const asRoot = process.getuid?.() === 0;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cache-folder-test-'));
  await chmod(folder, 0o755);
  await mkdir(join(folder, 'home'));
  await chmod(join(folder, 'home'), 0o700);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the cache folder', () => {
  it('lies where XDG_CACHE_HOME says, when others can enter it', async () => {
    expect(await toolboxCacheFolder({ XDG_CACHE_HOME: folder })).toBe(join(folder, 'vendhub-dr', 'toolbox'));
  });

  it('of root does not lie in a home that the server account cannot enter', async () => {
    const inHome = join(folder, 'home', '.cache', 'vendhub-dr', 'toolbox');
    const found = await toolboxCacheFolder({ HOME: join(folder, 'home') });
    expect(found).toBe(asRoot ? '/var/cache/vendhub-dr/toolbox' : inHome);
  });

  it('is closed when any folder above it is', async () => {
    expect(await folderClosedToOthers(join(folder, 'home', 'a', 'b'))).toBe(join(folder, 'home'));
    expect(await folderClosedToOthers(join(folder, 'a', 'b'))).toBeUndefined();
  });
});
