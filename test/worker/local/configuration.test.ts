import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const command = join(import.meta.dirname, '../../../worker/local/configuration.ts');
const tsx = pathToFileURL(join(import.meta.dirname, '../../../node_modules/tsx/dist/loader.mjs')).href;
const passphrase = 'a passphrase for tests';
const content = 'A=1\nB="two"\n';

describe('the configuration commands', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dr-configuration-'));
    await writeFile(join(folder, '.env.production'), content);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const run = async (
    args: readonly string[],
    variables: Record<string, string> = { BACKUP_PASSPHRASE: passphrase },
  ) => {
    const { BACKUP_PASSPHRASE: _none, BACKUP_PASSPHRASE_FILE: _file, ...environment } = process.env;
    const child = spawn(process.execPath, ['--import', tsx, command, ...args], {
      cwd: folder,
      env: { ...environment, ...variables },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [out, errors, [code]] = await Promise.all([
      textOf(child.stdout),
      textOf(child.stderr),
      once(child, 'exit'),
    ]);
    expect(errors).not.toContain(variables['BACKUP_PASSPHRASE'] ?? passphrase);
    return { code, out, errors };
  };

  it('encrypt and decrypt a file, by a passphrase of the environment or of a file', async () => {
    expect((await run(['encrypt', '.env.production'])).code).toBe(0);
    expect((await readdir(folder)).toSorted()).toEqual([
      '.env.production',
      '.env.production.enc',
      '.env.production.enc.hmac',
    ]);
    expect((await stat(join(folder, '.env.production.enc'))).mode & 0o777).toBe(0o600);

    await writeFile(join(folder, 'passphrase'), `${passphrase}\n`);
    const byFile = { BACKUP_PASSPHRASE_FILE: join(folder, 'passphrase') };
    const shown = await run(['decrypt', '.env.production.enc', '--out', '-'], byFile);
    expect(shown).toMatchObject({ code: 0, out: content });
    expect(shown.errors).toContain('is authentic');

    const refused = await run(['decrypt', '.env.production.enc']);
    expect(refused.code).toBe(2);
    expect(refused.errors).toContain('--replace');
    await writeFile(join(folder, '.env.production'), 'OTHER=1');
    expect((await run(['decrypt', '.env.production.enc', '--replace'])).code).toBe(0);
    expect(await readFile(join(folder, '.env.production'), 'utf8')).toBe(content);
  });

  it('fail with 1 for an altered file and a wrong passphrase, and write nothing', async () => {
    await run(['encrypt', '.env.production']);
    const wrong = await run(['decrypt', '.env.production.enc', '--out', 'new'], {
      BACKUP_PASSPHRASE: 'wrong, and long',
    });
    expect(wrong).toMatchObject({ code: 1, out: '' });
    const bytes = await readFile(join(folder, '.env.production.enc'));
    bytes[20] = (bytes[20] ?? 0) ^ 1;
    await writeFile(join(folder, '.env.production.enc'), bytes);
    expect(await run(['decrypt', '.env.production.enc', '--out', 'new'])).toMatchObject({ code: 1, out: '' });
    expect(await readdir(folder)).not.toContain('new');
  });

  it('fail with 2 without a passphrase, a file or a command', async () => {
    const none = await run(['encrypt', '.env.production'], {});
    expect(none.code).toBe(2);
    expect(none.errors).toContain('BACKUP_PASSPHRASE_FILE');
    expect((await run(['encrypt', 'nowhere'])).code).toBe(2);
    expect((await run(['encript'])).code).toBe(2);
  });
});
