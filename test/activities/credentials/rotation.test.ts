import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createPostgresDatabase } from '../../../activities/adapters/postgres/index.ts';
import { failureOf } from '../failure-of.ts';
import { declared, startCredentialWorld } from './world.ts';

describe('a rotation', () => {
  let world: Awaited<ReturnType<typeof startCredentialWorld>>;

  beforeAll(async () => {
    world = await startCredentialWorld();
  });
  afterEach(() => {
    world.supabase.faults.clear();
    world.railway.faults.clear();
  });
  afterAll(() => world?.stop());

  const loginAs = (connectionString: string) =>
    createPostgresDatabase({ connectionString }).tryLogin(connectionString);
  const variable = (name: string) => world.applicationPlatform.variable(name);

  test('of the administrator’s password leaves this worker, a new worker and nobody else in', async () => {
    const { activities, database } = world.newWorker();
    const [attacker, ended] = await openSession(world.operatorUrl);
    const rotated = await activities.rotateCredential({
      credential: declared.administrator,
      rotation: 'run-1',
    });
    expect(rotated).toMatchObject({ stage: 'old-revoked', toDo: null, usedIn: [] });
    await ended;
    await attacker.catch(() => undefined);
    expect(await loginAs(world.operatorUrl)).toBe('refused');
    await database.session((session) => session.query('SELECT 1'));
    const later = world.newWorker();
    await later.database.session((session) => session.query('SELECT 1'));
    expect(await loginAs(await later.database.acceptedConnectionString())).toBe('accepted');
    expect(await later.activities.proveCredential(declared.administrator)).toMatchObject({
      proved: true,
      current: { fingerprint: rotated.newFingerprint, answer: 'accepted' },
      former: [{ answer: 'refused' }],
    });
  });

  test('of the application’s password reaches its variable, and the other parts of that stay', async () => {
    const before = new URL((await variable('DATABASE_URL')) ?? '');
    const { activities } = world.newWorker();
    const rotated = await activities.rotateCredential({
      credential: declared.application,
      rotation: 'run-1',
    });
    expect(rotated).toMatchObject({ stage: 'old-revoked', usedIn: ['DATABASE_URL'] });
    const after = new URL((await variable('DATABASE_URL')) ?? '');
    expect(await loginAs(after.href)).toBe('accepted');
    expect(await loginAs(before.href)).toBe('refused');
    expect([after.username, after.host, after.pathname]).toEqual([
      before.username,
      before.host,
      before.pathname,
    ]);
    expect(await activities.proveCredential(declared.application)).toMatchObject({ proved: true });
  });

  test('of an API key puts a new one in and takes the old and the legacy ones back', async () => {
    const { activities, dependencies } = world.newWorker();
    await activities.rotateCredential({ credential: declared.serviceKey, rotation: 'run-1' });
    const keys = await dependencies.issuer.apiKeys({ reveal: true });
    const secrets = keys.filter(({ kind }) => kind === 'secret');
    expect(secrets.map(({ secret }) => secret)).toEqual([await variable('SUPABASE_SECRET_KEY')]);
    expect(await dependencies.issuer.legacyApiKeysEnabled()).toBe(false);
    const proof = await activities.proveCredential(declared.serviceKey);
    expect(proof).toMatchObject({ proved: true, current: { answer: 'accepted' } });
    expect(proof.former.map(({ answer }) => answer)).toEqual(['refused', 'refused']);
  });

  test('of the signing key refuses tokens of the legacy secret, and then those of its own predecessor', async () => {
    const { activities, dependencies } = world.newWorker();
    await activities.rotateCredential({ credential: declared.tokens, rotation: 'run-1' });
    expect(await activities.proveCredential(declared.tokens)).toMatchObject({
      proved: true,
      former: [{ answer: 'refused' }],
    });
    await activities.rotateCredential({ credential: declared.tokens, rotation: 'run-2' });
    const proof = await activities.proveCredential(declared.tokens);
    expect(proof.proved).toBe(true);
    expect(proof.former[0]).toMatchObject({ answer: 'refused' });
    const statuses = (await dependencies.issuer.signingKeys()).map(({ status }) => status);
    expect(statuses).toEqual(['revoked', 'revoked', 'in-use']);
  });

  test('of an application’s own secret replaces the variable', async () => {
    const { activities } = world.newWorker();
    await activities.rotateCredential({ credential: declared.cookies, rotation: 'run-1' });
    expect(await variable('COOKIE_SECRET')).toMatch(/^[\w-]{43}$/);
    expect(await activities.proveCredential(declared.cookies)).toMatchObject({ proved: true });
  });

  test('that stops before the old secret is taken back lets both in, and goes on later', async () => {
    const { activities, dependencies } = world.newWorker();
    const request = { credential: declared.serviceKey, rotation: 'run-2' } as const;
    const half = await activities.rotateCredential({ ...request, until: 'in-use' });
    expect(half.stage).toBe('in-use');
    const secretKeys = async () =>
      (await dependencies.issuer.apiKeys()).filter(({ kind }) => kind === 'secret').length;
    expect(await secretKeys()).toBe(2);
    expect((await activities.proveCredential(declared.serviceKey)).proved).toBe(false);
    const whole = await activities.rotateCredential(request);
    expect(whole).toEqual({ ...half, stage: 'old-revoked' });
    expect(await secretKeys()).toBe(1);
    expect((await activities.proveCredential(declared.serviceKey)).proved).toBe(true);
  });

  test('that is asked for again under the same name makes nothing twice', async () => {
    const { activities } = world.newWorker();
    const request = { credential: declared.administrator, rotation: 'run-9' };
    const first = await activities.rotateCredential(request);
    const writes = world.supabase.calls.writes().length;
    expect(await world.newWorker().activities.rotateCredential(request)).toEqual(first);
    expect(world.supabase.calls.writes()).toHaveLength(writes);
  });

  test('of a key that nobody issues by machine waits for a person, and notices what the person did', async () => {
    const request = { credential: declared.objectStore, rotation: 'run-1' };
    const waiting = await world.newWorker().activities.rotateCredential(request);
    expect(waiting).toMatchObject({
      stage: 'by-person',
      toDo: expect.stringContaining('Make a new key at the object store'),
    });
    const { activities } = world.newWorker({
      objectStoreKey: { accessKeyId: 'second', secretAccessKey: 'of the second' },
    });
    const halfDone = await activities.rotateCredential(request);
    expect(halfDone).toMatchObject({
      stage: 'by-person',
      toDo: expect.stringContaining('Take the old key back'),
    });
    world.keys.live = ['second'];
    expect(await activities.rotateCredential(request)).toMatchObject({ stage: 'old-revoked', toDo: null });
    expect(await activities.proveCredential(declared.objectStore)).toMatchObject({ proved: true });
  });

  test('leaves no secret in a result or in the store in clear', async () => {
    const { activities, dependencies } = world.newWorker();
    const results = [
      await activities.rotateCredential({ credential: declared.application, rotation: 'run-3' }),
      await activities.proveCredential(declared.application),
      await activities.takeCredentialInventory(Object.values(declared)),
    ];
    const record = await dependencies.store.read(declared.application.id);
    const texts = [JSON.stringify(results)];
    for (const { key } of await world.objects.list('credentials/')) {
      texts.push((await world.objects.getText(key)) ?? '');
    }
    expect(texts).toHaveLength(7);
    for (const { secret } of [record, ...(record?.former ?? [])].filter((one) => one !== undefined)) {
      for (const text of texts) expect(text).not.toContain(secret);
    }
  });

  test('is noted in the inventory, beside keys that nobody declared', async () => {
    const { activities, dependencies } = world.newWorker();
    await dependencies.issuer.issueApiKey({ kind: 'secret', name: 'forgotten' });
    const inventory = await activities.takeCredentialInventory(Object.values(declared));
    expect(inventory.credentials.map(({ id, stage }) => [id, stage])).toEqual(
      Object.values(declared).map(({ id }) => [id, 'old-revoked']),
    );
    expect(inventory.undeclared).toEqual(['publishable API key default', 'secret API key forgotten']);
  });

  test('cannot be proved before it was made', async () => {
    const { activities } = world.newWorker();
    const unknown = { ...declared.cookies, id: 'never-rotated' };
    expect(await failureOf(activities.proveCredential(unknown))).toMatchObject({ type: 'input-invalid' });
  });

  /** A session that somebody holds open, and the promise that it was ended by the server. */
  async function openSession(connectionString: string) {
    let began: () => void = () => undefined;
    const begun = new Promise<void>((resolve) => {
      began = resolve;
    });
    const session = createPostgresDatabase({ connectionString }).session(async (held) => {
      await held.query('SELECT 1');
      began();
      await held.query('SELECT pg_sleep(600)');
    });
    await begun;
    const ended = expect(session).rejects.toMatchObject({ type: 'database-unreachable' });
    return [session, ended] as const;
  }
});
