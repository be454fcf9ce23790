import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../../sandbox/postgres/condition.ts';
import { declared, startCredentialWorld } from './world.ts';

let world: Awaited<ReturnType<typeof startCredentialWorld>>;

beforeAll(async () => {
  world = await startCredentialWorld();
});
afterAll(() => world?.stop());

test('a rewind brings old passwords back, locks nobody out of us, and is put right', async () => {
  const { cluster, operatorUrl } = world;
  const credentials = [declared.application, declared.administrator];
  const { activities, database } = world.newWorker();
  const { finishedAt } = await cluster.takeBaseBackup();
  const target = Math.ceil(finishedAt / 1000) + 1;
  await until('the target has passed', 60_000, () => Date.now() > (target + 1) * 1000 || undefined);
  for (const credential of credentials) await activities.rotateCredential({ credential, rotation: 'run-1' });
  expect(await activities.restatePasswords(credentials)).toMatchObject([
    { role: 'postgres', outcome: 'unchanged' },
    { role: 'vendhub_app', outcome: 'unchanged' },
  ]);

  await cluster.restoreTo(target);
  expect(await database.tryLogin(operatorUrl)).toBe('accepted');
  expect(await world.applicationLogin()).toBe('refused');
  // A worker that knew the new password, and one that was started after the rewind.
  await database.session((session) => session.query('SELECT 1'));
  const later = world.newWorker();
  await later.database.session((session) => session.query('SELECT 1'));

  expect(await later.activities.restatePasswords(credentials)).toMatchObject([
    { role: 'postgres', outcome: 'restated' },
    { role: 'vendhub_app', outcome: 'restated' },
  ]);
  expect(await database.tryLogin(operatorUrl)).toBe('refused');
  expect(await world.applicationLogin()).toBe('accepted');
  for (const worker of [database, later.database]) {
    await worker.session((session) => session.query('SELECT 1'));
  }
  for (const credential of credentials) {
    expect(await later.activities.proveCredential(credential)).toMatchObject({ proved: true });
  }
  const never = [{ ...declared.application, id: 'of-another' }];
  expect(await later.activities.restatePasswords(never)).toMatchObject([{ outcome: 'never-rotated' }]);
});
