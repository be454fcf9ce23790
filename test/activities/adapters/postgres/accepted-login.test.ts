import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createPostgresDatabase } from '../../../../activities/adapters/postgres/index.ts';
import { DrError } from '../../../../activities/errors.ts';
import { shop, startTestCluster } from '../../../sandbox/postgres/test-cluster.ts';
import { failureOf } from '../../failure-of.ts';

describe('a database with several logins', () => {
  let world: Awaited<ReturnType<typeof startTestCluster>>;
  beforeAll(async () => {
    world = await startTestCluster();
  });
  afterAll(() => world?.cluster.dispose());

  const urlOf = (password: string) => world.cluster.connectionString({ ...shop, password }, 'postgres');
  const databaseOf = (first: string, later: readonly string[], lookedUp: string[] = []) =>
    createPostgresDatabase({
      connectionString: urlOf(first),
      alternatives: async function* () {
        for (const password of later) {
          lookedUp.push(password);
          yield urlOf(password);
        }
      },
    });

  test('looks up no other one while the first is accepted', async () => {
    const lookedUp: string[] = [];
    const database = databaseOf(shop.password, ['never'], lookedUp);
    await database.session((session) => session.query('SELECT 1'));
    expect(lookedUp).toEqual([]);
  });

  test('tries each after a wrong password, and begins with the accepted one from then on', async () => {
    const lookedUp: string[] = [];
    const database = databaseOf('wrong', ['wrong too', shop.password, 'never'], lookedUp);
    await database.session((session) => session.query('SELECT 1'));
    await database.session((session) => session.query('SELECT 1'));
    expect(lookedUp).toEqual(['wrong too', shop.password]);
    expect(await database.acceptedConnectionString()).toBe(urlOf(shop.password));
  });

  test('finds its way when the password changes under it, and back', async () => {
    const database = databaseOf(shop.password, ['the next']);
    await database.session((session) => session.query('SELECT 1'));
    await world.query(`ALTER ROLE ${shop.name} PASSWORD 'the next'`);
    await database.session((session) => session.query('SELECT 1'));
    await world.query(`ALTER ROLE ${shop.name} PASSWORD '${shop.password}'`);
    await database.session((session) => session.query('SELECT 1'));
    expect(await database.acceptedConnectionString()).toBe(urlOf(shop.password));
  });

  test('reports the first refusal when all are refused, and what a lookup throws', async () => {
    const refused = databaseOf('wrong', ['wrong too']);
    expect(await failureOf(refused.session(async () => undefined))).toMatchObject({
      type: 'database-login-refused',
    });
    const broken = createPostgresDatabase({
      connectionString: urlOf('wrong'),
      // biome-ignore lint/correctness/useYield: a lookup that fails gives nothing
      alternatives: async function* () {
        throw new DrError('store-unavailable', { happened: 'a', meaning: 'b', next: 'c' });
      },
    });
    expect(await failureOf(broken.session(async () => undefined))).toMatchObject({
      type: 'store-unavailable',
    });
  });

  test('takes another refusal for what it is', async () => {
    const lookedUp: string[] = [];
    const database = createPostgresDatabase({
      connectionString: urlOf(shop.password).replace(/postgres$/, 'no_such_database'),
      alternatives: async function* () {
        lookedUp.push('looked');
        yield urlOf(shop.password);
      },
    });
    expect(await failureOf(database.session(async () => undefined))).toMatchObject({
      type: 'database-login-refused',
    });
    expect(lookedUp).toEqual([]);
  });
});
