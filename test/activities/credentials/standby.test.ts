import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exchangedSecrets, withoutExchanged } from '../../../activities/credentials/index.ts';
import { declared, startCredentialWorld } from './world.ts';

let world: Awaited<ReturnType<typeof startCredentialWorld>>;
beforeAll(async () => {
  world = await startCredentialWorld();
});
afterAll(() => world.stop());

const rotation = 'run-1/rotate-standby-credentials';
const credentials = Object.values(declared);
const first = { accessKeyId: 'first-access-key', secretAccessKey: 'of the first' };
const second = { accessKeyId: 'second-access-key', secretAccessKey: 'of the second' };

describe('credentials where production is rebuilt', () => {
  it('are exchanged there alone: production’s variables and its platforms are not touched', async () => {
    const { activities } = world.newWorker();
    const writes = () => [...world.supabase.calls.writes(), ...world.railway.calls.writes()];
    const before = writes().length;
    const rotated = await activities.rotateStandbyCredential({ credential: declared.cookies, rotation });
    expect(rotated).toMatchObject({ stage: 'old-revoked', usedIn: ['COOKIE_SECRET'], toDo: null });
    expect(await activities.rotateStandbyCredential({ credential: declared.cookies, rotation })).toEqual(
      rotated,
    );
    expect(writes()).toHaveLength(before);
    expect(await world.applicationPlatform.variable('COOKIE_SECRET')).toBe('as it was');
  });

  it('are left to a person, by name, where only a provider can exchange them; nothing is sealed for them', async () => {
    const { activities, store } = world.newWorker();
    for (const credential of [declared.administrator, declared.serviceKey, declared.tokens]) {
      expect(await activities.rotateStandbyCredential({ credential, rotation })).toMatchObject({
        id: credential.id,
        stage: 'by-person',
        toDo: expect.stringContaining('old database platform'),
      });
      expect(await store.read(credential.id)).toBeUndefined();
    }
    const key = await activities.rotateStandbyCredential({ credential: declared.objectStore, rotation });
    expect(key).toMatchObject({ stage: 'by-person', toDo: expect.stringContaining('S3_ACCESS_KEY_ID') });
  });

  it('are proved by what the application there was started with', async () => {
    const { activities, store } = world.newWorker();
    const prove = () => activities.proveStandbyCredential(declared.cookies);
    expect(await prove()).toMatchObject({ proved: false, current: { answer: 'not-tried' } });
    world.standby.inForce = world.standby.inherited;
    expect(await prove()).toMatchObject({ proved: false, former: [{ answer: 'accepted' }] });
    const record = await store.read(declared.cookies.id);
    world.standby.inForce = { COOKIE_SECRET: record?.secret ?? '' };
    expect(await prove()).toMatchObject({
      proved: true,
      current: { answer: 'accepted' },
      former: [{ answer: 'refused' }],
    });
  });
});

describe('variables that are taken over', () => {
  it('hold no secret that was exchanged: the one of now, or none where nobody here has it', async () => {
    const { activities, store } = world.newWorker({ objectStoreKey: first });
    for (const credential of [declared.application, declared.serviceKey, declared.objectStore]) {
      await activities.rotateCredential({ credential, rotation: 'an-earlier-breach' });
    }
    const [login, key] = [
      await store.read(declared.application.id),
      await store.read(declared.serviceKey.id),
    ];
    const oldPassword = login?.former[0]?.secret ?? '';
    const oldKey = key?.former[0]?.secret ?? '';
    expect([oldPassword.length, oldKey.length].every((length) => length > 8)).toBe(true);
    const inherited = {
      DIRECT_URL: `postgresql://vendhub_app:${encodeURIComponent(oldPassword)}@db.example/vendhub`,
      SUPABASE_SECRET_KEY: oldKey,
      S3_ACCESS_KEY_ID: first.accessKeyId,
      GREETING: 'of this week',
    };

    const stillConfigured = withoutExchanged(inherited, await exchangedSecrets(store, credentials, first));
    expect(stillConfigured.variables).toMatchObject({ S3_ACCESS_KEY_ID: first.accessKeyId });
    const { variables, replaced, leftOut } = withoutExchanged(
      inherited,
      await exchangedSecrets(store, credentials, second),
    );
    expect(replaced).toEqual(['DIRECT_URL', 'SUPABASE_SECRET_KEY', 'S3_ACCESS_KEY_ID']);
    expect(leftOut).toEqual([]);
    expect(variables).toEqual({
      DIRECT_URL: `postgresql://vendhub_app:${login?.secret}@db.example/vendhub`,
      SUPABASE_SECRET_KEY: key?.secret,
      S3_ACCESS_KEY_ID: second.accessKeyId,
      GREETING: 'of this week',
    });
    expect(withoutExchanged({ OLD: 'long-gone-secret' }, [{ former: 'long-gone', current: null }])).toEqual({
      variables: {},
      replaced: [],
      leftOut: ['OLD'],
    });
  });
});
