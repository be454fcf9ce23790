import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createCredentialActivities } from '../../../activities/credentials/index.ts';
import { activityEnvironment, inActivity } from '../in-activity.ts';
import { dieAt } from './dying.ts';
import { declared, startCredentialWorld } from './world.ts';

/** More changing calls than any rotation makes. */
const moreThanEnough = 20;

describe('a rotation whose worker dies', () => {
  let world: Awaited<ReturnType<typeof startCredentialWorld>>;

  beforeAll(async () => {
    world = await startCredentialWorld();
  });
  afterAll(() => world?.stop());

  const { administrator, application, serviceKey, tokens, cookies } = declared;
  const cases = [administrator, application, serviceKey, tokens, cookies].flatMap((credential) =>
    (['before', 'after'] as const).map((moment) => [credential.id, moment, credential] as const),
  );

  test.each(cases)(
    'at any change that %s makes, %s its effect, is finished by another one, with one new secret',
    async (id, moment, credential) => {
      let deaths = 0;
      for (let call = 1; call <= moreThanEnough; call += 1) {
        const rotation = `${id} ${moment} ${call}`;
        const { dependencies } = world.newWorker();
        const dying = dieAt(dependencies, call, moment);
        const attempt = inActivity(activityEnvironment(), () =>
          createCredentialActivities(dying.dependencies).rotateCredential({ credential, rotation }),
        );
        await attempt.catch(() => undefined);
        if (!dying.died()) break;
        deaths += 1;

        const { activities, database, store } = world.newWorker();
        const sealed = await store.read(id);
        const rotated = await activities.rotateCredential({ credential, rotation });
        expect(rotated.stage).toBe('old-revoked');
        // What was kept before the death is what counts after it.
        if (sealed?.rotation === rotation && sealed.secret !== '') {
          expect((await store.read(id))?.secret).toBe(sealed.secret);
        }
        expect(await activities.proveCredential(credential)).toMatchObject({ proved: true });
        await database.session((session) => session.query('SELECT 1'));
        expect(await world.applicationLogin()).toBe('accepted');
        const live = await world.liveAtPlatform();
        expect(live).toEqual({ secretKeys: 1, signingKeys: 1 });
      }
      expect(deaths).toBeGreaterThan(3);
      expect(deaths).toBeLessThan(moreThanEnough);
    },
    60_000,
  );
});
