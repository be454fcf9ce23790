import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  type CredentialRecord,
  createCredentialStore,
} from '../../../activities/credentials/sealed-credential.ts';
import { failureOf } from '../failure-of.ts';
import { keyringOf, newFolderLocation, passphrase } from '../vault/world.ts';

const record: CredentialRecord = {
  id: 'database-administrator',
  kind: 'database-password',
  rotation: 'run-1',
  stage: 'sealed',
  secret: 'the new one',
  issuedId: null,
  beganAt: '2026-01-02T03:04:05.000Z',
  former: [{ secret: 'the old one', issuedId: null }],
};

let place: Awaited<ReturnType<typeof newFolderLocation>>;
beforeEach(async () => {
  place = await newFolderLocation();
});
afterEach(() => place.remove());

const storeOf = (text?: string) =>
  createCredentialStore({ store: place.store, keyring: keyringOf(text), environment: 'test' });
const key = 'credentials/test/database-administrator.json';

test('a credential comes back as it was kept, for another process with the same passphrase', async () => {
  await storeOf().write(record);
  expect(await storeOf().read(record.id)).toEqual(record);
  expect(await storeOf().read('another')).toBeUndefined();
  const text = (await place.store.getText(key)) ?? '';
  expect(text).not.toContain('the new one');
  expect(text).not.toContain('the old one');
});

test('another passphrase and every altered byte are noticed', async () => {
  await storeOf().write(record);
  expect(await failureOf(storeOf('another passphrase').read(record.id))).toMatchObject({
    type: 'verification-failed',
  });
  const text = (await place.store.getText(key)) ?? '';
  for (const index of [0.3, 0.5, 0.7, 0.95].map((part) => Math.floor(text.length * part))) {
    const altered = `${text.slice(0, index)}${text[index] === 'a' ? 'b' : 'a'}${text.slice(index + 1)}`;
    await place.store.putText(key, altered, 'application/json');
    expect(await failureOf(storeOf().read(record.id))).toMatchObject({ type: 'verification-failed' });
  }
});

test('a record that somebody else replaced in the same moment is not taken for ours', async () => {
  const other = storeOf();
  const store = createCredentialStore({
    store: {
      ...place.store,
      putText: async (...given) => {
        await place.store.putText(...given);
        await other.write({ ...record, secret: 'of somebody else' });
      },
    },
    keyring: keyringOf(),
    environment: 'test',
  });
  expect(await failureOf(store.write(record))).toMatchObject({ type: 'attempt-lost', retried: true });
  expect(await other.read(record.id)).toMatchObject({ secret: 'of somebody else' });
});

test('a person reads it by the command that stands beside it', async () => {
  await storeOf().write(record);
  const file = join(place.root, key);
  const { readWith, sealed } = JSON.parse(await readFile(file, 'utf8'));
  const command = String(readWith).replace(/^jq -r \.sealed \S+/, 'printf %s "$SEALED"');
  const home = await mkdtemp(join(tmpdir(), 'dr-credential-test-'));
  try {
    const { stdout } = await promisify(execFile)('sh', ['-c', command], {
      cwd: home,
      env: { ...process.env, SEALED: sealed, BACKUP_PASSPHRASE: passphrase },
    });
    expect(JSON.parse(stdout)).toEqual(record);
  } finally {
    await rm(home, { recursive: true });
  }
});
