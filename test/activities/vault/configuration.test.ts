import { execFile } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DrError } from '../../../activities/errors.ts';
import { decryptConfiguration } from '../../../activities/vault/decrypt-configuration.ts';
import { encryptConfiguration } from '../../../activities/vault/encrypt-configuration.ts';
import { looksLikeEnvironmentFile } from '../../../activities/vault/environment-file.ts';
import {
  type ConfigurationSource,
  storeConfiguration,
} from '../../../activities/vault/store-configuration.ts';
import { failureOf } from '../failure-of.ts';
import { iterations, keyringOf, newFolderLocation, passphrase, work } from './world.ts';

const run = promisify(execFile);
const opensslThere = await run('openssl', ['version']).then(
  () => true,
  () => false,
);
const text = Buffer.from(
  '# production\nexport NAME="Grüße"\nDATABASE_URL=postgres://u:p@h/d\nKEY=\'a\nb\' # two lines\nEMPTY=\n',
);
const secret = 'quite an0ther secret';

describe('an encrypted configuration', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dr-configuration-'));
    await writeFile(join(folder, 'plain'), text);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const encrypt = () => encryptConfiguration(text, { keyring: keyringOf(), fileName: 'ours' });
  const openssl = (args: readonly string[]) =>
    run('openssl', ['enc', '-aes-256-cbc', '-pass', 'env:BACKUP_PASSPHRASE', ...args], {
      cwd: folder,
      env: { ...process.env, BACKUP_PASSPHRASE: passphrase },
    });

  it.skipIf(!opensslThere)('is read by plain openssl, by the command in its note', async () => {
    const { encrypted, note } = await encrypt();
    await writeFile(join(folder, 'ours'), encrypted);
    const { stdout } = await run('sh', ['-c', String(JSON.parse(note).readWith)], {
      cwd: folder,
      env: { ...process.env, BACKUP_PASSPHRASE: passphrase },
    });
    expect(stdout).toBe(text.toString('utf8'));
  });

  it('is read back authenticated, by any process that has the passphrase', async () => {
    expect(await decryptConfiguration(await encrypt(), { keyring: keyringOf() })).toEqual({
      plaintext: text,
      authenticated: true,
      method: `-pbkdf2 -iter ${iterations} -md sha256`,
    });
  });

  it('is refused with any byte altered, cut short, and with another passphrase', async () => {
    const { encrypted, note } = await encrypt();
    const refused = async (file: { encrypted: Buffer; note: string }, keyring = keyringOf()) => {
      const failure = await failureOf(decryptConfiguration(file, { keyring }));
      expect(failure.type).toBe('verification-failed');
      expect(failure.message).not.toContain(passphrase);
      expect(failure.message).not.toContain(secret);
    };
    for (const bytes of [encrypted, Buffer.from(note)]) {
      for (let at = 0; at < bytes.length; at += 1) {
        const altered = Buffer.from(bytes);
        altered[at] = (altered[at] ?? 0) ^ (1 << randomInt(8));
        await refused(
          bytes === encrypted ? { encrypted: altered, note } : { encrypted, note: altered.toString('utf8') },
        );
      }
    }
    for (const end of [0, 8, 16, 32, encrypted.length - 16, encrypted.length - 1]) {
      await refused({ encrypted: encrypted.subarray(0, end), note });
    }
    await refused({ encrypted, note }, keyringOf(secret));
  });

  it('is not read without its note unless that is asked for', async () => {
    const { encrypted } = await encrypt();
    const keyring = keyringOf();
    const file = { encrypted, note: undefined };
    expect((await failureOf(decryptConfiguration(file, { keyring }))).message).toContain('.hmac file');
    expect(await decryptConfiguration(file, { keyring, withoutNote: true })).toMatchObject({
      plaintext: text,
      authenticated: false,
    });
  });

  it.skipIf(!opensslThere).each([
    ['the procedure’s command', ['-salt'], '-md sha256'],
    ['its old version', ['-salt', '-md', 'md5'], '-md md5'],
    ['openssl with -pbkdf2', ['-salt', '-pbkdf2'], '-pbkdf2 -iter 10000 -md sha256'],
  ])('made by %s is read, and named unauthenticated', async (_by, flags, method) => {
    await openssl([...flags, '-in', 'plain', '-out', 'theirs']);
    const encrypted = await readFile(join(folder, 'theirs'));
    const file = { encrypted, note: undefined };
    expect(await decryptConfiguration(file, { keyring: keyringOf() })).toEqual({
      plaintext: text,
      authenticated: false,
      method,
    });
    expect((await failureOf(decryptConfiguration(file, { keyring: keyringOf(secret) }))).type).toBe(
      'verification-failed',
    );
    const cut = { encrypted: encrypted.subarray(0, -16), note: undefined };
    expect((await failureOf(decryptConfiguration(cut, { keyring: keyringOf() }))).type).toBe(
      'verification-failed',
    );
  });

  it.each([
    ['A=1', true],
    ['\n# only\nA = "x y" # why\r\nexport B=\n', true],
    ['# a comment only', false],
    ['', false],
    ['A=1\nnonsense', false],
    ['A=1\u0001', false],
    [Buffer.from([0x41, 0x3d, 0xff]), false],
  ])('is plausible when it reads like environment variables: %j', (bytes, plausible) => {
    expect(looksLikeEnvironmentFile(Buffer.from(bytes))).toBe(plausible);
  });
});

describe('storing the configuration', () => {
  let first: Awaited<ReturnType<typeof newFolderLocation>>;
  let second: Awaited<ReturnType<typeof newFolderLocation>>;
  let source: Awaited<ReturnType<typeof newFolderLocation>>;
  let exchangedIn: ConfigurationSource['exchangedIn'];
  beforeEach(async () => {
    exchangedIn = async () => [];
    [first, second, source] = await Promise.all([
      newFolderLocation(),
      newFolderLocation('second'),
      newFolderLocation(),
    ]);
    await writeFile(join(source.root, '.env.production'), text);
  });
  afterEach(() => Promise.all([first, second, source].map((folder) => folder.remove())));
  const store = (at: string) =>
    storeConfiguration(
      {
        locations: [first.location, second.location],
        keyring: keyringOf(),
        configurationPath: join(source.root, '.env.production'),
        exchangedIn,
      },
      { at },
      work,
    );
  const hows = (outcomes: Awaited<ReturnType<typeof store>>) => outcomes.map(({ how }) => how);

  it('is refused while the file holds a secret that was exchanged, and goes on while nobody can tell', async () => {
    exchangedIn = async (variables) => Object.keys(variables);
    expect(await failureOf(store('2025-11-29T03:00:00Z'))).toMatchObject({
      type: 'configuration-invalid',
      message: expect.stringMatching(/holds secrets that were exchanged: [A-Z]/),
    });
    expect(await first.store.list('configuration/')).toEqual([]);
    exchangedIn = () =>
      Promise.reject(new DrError('store-unavailable', { happened: 'gone', meaning: 'gone', next: 'wait' }));
    expect(hows(await store('2025-11-29T03:00:00Z'))).toEqual(['stored', 'stored']);
  });

  it('happens once a day and at each change, and mends what was damaged', async () => {
    const key = 'configuration/env.production-2025-11-29T030000Z.enc';
    expect(await store('2025-11-29T03:00:00Z')).toEqual([
      { location: 'local', how: 'stored', key },
      { location: 'second', how: 'stored', key },
    ]);
    expect(hows(await store('2025-11-29T04:00:00Z'))).toEqual(['unchanged', 'unchanged']);
    await writeFile(join(second.root, key), 'damaged');
    expect(hows(await store('2025-11-29T05:00:00Z'))).toEqual(['unchanged', 'stored']);
    await writeFile(join(source.root, '.env.production'), 'A=2\n');
    expect(hows(await store('2025-11-29T06:00:00Z'))).toEqual(['stored', 'stored']);
    expect(hows(await store('2025-11-30T06:00:00Z'))).toEqual(['stored', 'stored']);
    const encrypted = await readFile(
      join(second.root, 'configuration/env.production-2025-11-29T060000Z.enc'),
    );
    const note = await second.store.getText('configuration/env.production-2025-11-29T060000Z.enc.hmac');
    const { plaintext } = await decryptConfiguration({ encrypted, note }, { keyring: keyringOf() });
    expect(plaintext.toString('utf8')).toBe('A=2\n');
  });

  it('tells of a location that fails, and fails when all do or the file is empty', async () => {
    await writeFile(join(second.root, 'configuration'), 'a file where a folder should be');
    expect(await store('2025-11-29T03:00:00Z')).toMatchObject([
      { how: 'stored' },
      { how: 'failed', failure: { type: 'store-refused' } },
    ]);
    await writeFile(join(source.root, '.env.production'), '');
    expect((await failureOf(store('2025-11-29T04:00:00Z'))).type).toBe('configuration-invalid');
  });
});
