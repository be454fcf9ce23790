import { randomInt } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { vaultBackupSource } from '../../../activities/restore-into/vault-source.ts';
import { manifestKey } from '../../../activities/vault/backup-name.ts';
import { openBackup } from '../../../activities/vault/open-backup.ts';
import { storeBackup } from '../../../activities/vault/store-backup.ts';
import { validateBackups } from '../../../activities/vault/validate-backups.ts';
import { verifyBackup, verifyContent } from '../../../activities/vault/verify-backup.ts';
import { failureOf } from '../failure-of.ts';
import { startVaultDatabase } from './vault-database.ts';
import { keyringOf, newFolderLocation, passphrase, vaultOver, work } from './world.ts';

const key = 'daily/backup-2025-11-28.json.gz.enc';

describe('a stored backup that was damaged', () => {
  let folder: Awaited<ReturnType<typeof newFolderLocation>>;
  let reading: Parameters<typeof verifyBackup>[0];
  const whole = new Map<string, Buffer>();

  beforeAll(async () => {
    const database = await startVaultDatabase();
    folder = await newFolderLocation();
    try {
      const vault = vaultOver(database.connectionString, [folder.location]);
      const { backup } = await storeBackup(
        vault,
        { kind: 'daily', at: '2025-11-28T03:00:00Z', schemas: ['shop'], leftoversOlderThanMs: 60_000 },
        work,
      );
      expect(backup).toMatchObject({ key, locations: [{ stored: true, how: 'exported' }] });
      reading = { store: folder.store, keyring: vault.keyring };
      for (const name of [key, manifestKey(key)]) whole.set(name, await readFile(join(folder.root, name)));
    } finally {
      await database.stop();
    }
  });
  afterAll(() => folder.remove());

  /** Writes damaged bytes, expects that both ways to use them notice, and puts the right ones back. */
  const expectNoticed = async (name: string, bytes: Buffer, what: string) => {
    await writeFile(join(folder.root, name), bytes);
    for (const use of [verifyBackup, openBackup]) {
      const outcome = await use(reading, key, work).then(
        () => 'went unnoticed',
        (error: unknown) => error,
      );
      expect(outcome, what).toMatchObject({ type: 'verification-failed' });
    }
    await writeFile(join(folder.root, name), whole.get(name) ?? '');
  };
  const bytesOf = (name: string) => Buffer.from(whole.get(name) ?? '');
  const flipped = (bytes: Buffer, at: number, bit: number) => {
    bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
    return bytes;
  };

  it('is noticed for every bit of the salt header and 200 of the ciphertext', async () => {
    const { length } = bytesOf(key);
    const bits = [
      ...Array.from({ length: 16 * 8 }, (_, index) => [index >> 3, index & 7] as const),
      ...Array.from({ length: 200 }, () => [randomInt(16, length), randomInt(8)] as const),
    ];
    for (const [at, bit] of bits) {
      await expectNoticed(key, flipped(bytesOf(key), at, bit), `bit ${bit} of byte ${at} of ${length}`);
    }
  });

  it('is noticed for one bit in every byte of the manifest', async () => {
    const name = manifestKey(key);
    for (let at = 0; at < bytesOf(name).length; at += 1) {
      const bit = randomInt(8);
      await expectNoticed(name, flipped(bytesOf(name), at, bit), `bit ${bit} of byte ${at} of the manifest`);
    }
  });

  it('is noticed when either file is cut short, empty or longer', async () => {
    for (const name of [key, manifestKey(key)]) {
      const { length } = bytesOf(name);
      const lengths = [
        0,
        1,
        8,
        16,
        length - 16,
        length - 1,
        ...Array.from({ length: 40 }, () => randomInt(length)),
      ];
      for (const end of lengths) {
        await expectNoticed(name, bytesOf(name).subarray(0, end), `${name} cut at ${end}`);
      }
      await expectNoticed(
        name,
        Buffer.concat([bytesOf(name), Buffer.from('\n')]),
        `${name} with a byte more`,
      );
    }
  });

  it('fails the validation and is not restored from, 220 flips and cuts of either file', async () => {
    const noticed = { validation: 0, restore: 0 };
    const policy = {
      freshWithinMs: Number.POSITIVE_INFINITY,
      sizeFactor: 1e6,
      sizeHistory: 1,
      minFreeBytes: 0,
      historyMs: 86_400_000,
    };
    const keyring = keyringOf();
    const validate = () =>
      validateBackups(
        { locations: [folder.location], keyring },
        { now: '2025-11-28T04:00:00Z', policy },
        work,
      );
    const isAboutContent = ({ name }: { readonly name: string }) => !name.startsWith('second copy');
    expect((await validate()).filter(isAboutContent).every(({ passed }) => passed)).toBe(true);
    for (let turn = 0; turn < 220; turn += 1) {
      const name = turn % 2 === 0 ? key : manifestKey(key);
      const at = randomInt(bytesOf(name).length);
      const damaged = turn % 4 < 2 ? flipped(bytesOf(name), at, randomInt(8)) : bytesOf(name).subarray(0, at);
      await writeFile(join(folder.root, name), damaged);
      const failed = (await validate()).filter(({ passed }) => !passed).map((check) => check.name);
      expect(failed, `${name} at ${at}`).toContain('checksum right and decryptable (local)');
      noticed.validation += 1;
      const failure = await failureOf(vaultBackupSource({ store: folder.store, keyring }).openNewest(work));
      expect(failure.type, `${name} at ${at}`).toBe('backup-invalid');
      noticed.restore += 1;
      await writeFile(join(folder.root, name), whole.get(name) ?? '');
    }
    expect(noticed).toEqual({ validation: 220, restore: 220 });
  });

  it('is not taken for another backup by its name', async () => {
    const other = 'daily/backup-2025-11-27.json.gz.enc';
    await folder.store.putText(
      manifestKey(other),
      bytesOf(manifestKey(key)).toString('utf8'),
      'application/json',
    );
    const failure = await failureOf(verifyBackup(reading, other, work));
    expect(failure).toMatchObject({ type: 'verification-failed', retried: false });
    expect(failure.message).toContain(key);
    await folder.store.remove(manifestKey(other));
  });

  it('cannot be read with another passphrase, and no message holds one', async () => {
    const stranger = 'quite an0ther secret';
    const failure = await failureOf(openBackup({ ...reading, keyring: keyringOf(stranger) }, key, work));
    expect(failure.type).toBe('verification-failed');
    expect(failure.message).toContain('passphrase');
    expect(failure.message).not.toContain(stranger);
    expect(failure.message).not.toContain(passphrase);
  });

  it('is whole again when the bytes are back', async () => {
    const { content } = await verifyContent({ ...reading, keyring: keyringOf() }, key, work);
    expect(content.tables.map(({ name, rows }) => [name, rows])).toEqual([
      ['empty', 0],
      ['users', 20],
    ]);
  });
});
