import { connect, createServer, type Server } from 'node:net';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createRestoreActivities, type RestoreActivities } from '../../../activities/restore/index.ts';
import { type SupabaseProduction, startSupabaseProduction } from '../../sandbox/supabase/production.ts';
import { applicationLocalAddress } from '../../sandbox/vendhub/local-address.ts';
import { quietEnvironment, runActivity as run } from './run-activity.ts';

const everybody = ['0.0.0.0/0', '::/0'];
const operatorOnly = ['127.0.0.1/32'];

describe.runIf(process.platform === 'linux')('the fence', () => {
  let production: SupabaseProduction;
  let activities: RestoreActivities;
  let road: Server;
  let roadPort: number;

  beforeAll(async () => {
    production = await startSupabaseProduction();
    const { platform, database, cluster } = production;
    activities = createRestoreActivities({ platform, database, timing: { pollMs: 20 } });
    road = createServer((near) => {
      const far = connect({ host: cluster.host, port: cluster.port, localAddress: applicationLocalAddress });
      near.on('error', () => far.destroy()).pipe(far);
      far.on('error', () => near.destroy()).pipe(near);
    });
    await new Promise<void>((resolve) => road.listen(0, '127.0.0.1', resolve));
    const address = road.address();
    roadPort = address !== null && typeof address === 'object' ? address.port : 0;
  });
  afterEach(async () => {
    production.supabase.faults.clear();
    await run(activities.lowerFence, { allowedCidrs: everybody });
    // A session is still listed for a moment after its end.
    await expect.poll(sessionsOfOthers).toEqual([]);
  });
  afterAll(async () => {
    await production?.dispose();
    await new Promise((resolve) => road.close(resolve));
  });

  const sessionsOfOthers = () =>
    production.query(`SELECT usename FROM pg_stat_activity
      WHERE datname = 'vendhub' AND backend_type = 'client backend' AND pid <> pg_backend_pid()`);
  const raise = () =>
    run(activities.raiseFence, { operatorCidrs: operatorOnly, openRoads: ['the REST API'] });

  /** A session of the application: the operator's own role and name of database, from another address. */
  async function applicationSession(): Promise<{ client: Client; closed: Promise<void> }> {
    const { name: user, password } = production.operator;
    const client = new Client({ host: '127.0.0.1', port: roadPort, user, password, database: 'vendhub' });
    const closed = new Promise<void>((resolve) => client.once('end', resolve));
    client.on('error', () => undefined);
    await client.connect();
    return { client, closed };
  }

  test('ends the sessions of others, keeps them out, and lets the operator in', async () => {
    const { client, closed } = await applicationSession();
    expect((await client.query('SELECT host(inet_client_addr()) AS from')).rows).toEqual([
      { from: applicationLocalAddress },
    ]);
    expect(await raise()).toEqual({
      allowedCidrs: operatorOnly,
      endedSessions: 1,
      openRoads: ['the REST API'],
    });
    await closed;
    await expect(applicationSession()).rejects.toThrow('pg_hba.conf');
    expect(await production.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(await activities.readNetworkRestrictions()).toEqual({ allowedCidrs: operatorOnly });
  });

  test('raised twice asks the provider once', async () => {
    const { calls } = production.supabase;
    const before = calls.writes().length;
    await raise();
    expect(await raise()).toMatchObject({ endedSessions: 0 });
    expect(calls.writes().slice(before)).toMatchObject([{ operation: 'apply-network-restrictions' }]);
  });

  test('lowered lets the application in again', async () => {
    await raise();
    await run(activities.lowerFence, { allowedCidrs: everybody });
    const { client, closed } = await applicationSession();
    await client.end();
    await closed;
  });

  test('names the sessions that the operator may not end', async () => {
    const { cluster } = production;
    const client = new Client({ connectionString: cluster.connectionString(cluster.superuser, 'vendhub') });
    client.on('error', () => undefined);
    await client.connect();
    const { openRoads, endedSessions } = await raise();
    expect(endedSessions).toBe(0);
    expect(openRoads).toEqual([
      'the REST API',
      'an open database session of role supabase_admin from 127.0.0.1',
    ]);
    await client.end();
  });

  test('that stays stored is not in force, and no session is ended', async () => {
    const { platform, database, supabase } = production;
    supabase.faults.switchOn('restrictions-stay-stored');
    const { client } = await applicationSession();
    const impatient = createRestoreActivities({
      platform,
      database,
      timing: { pollMs: 20, fenceDeadlineMs: 100 },
    });
    const failure = run(impatient.raiseFence, { operatorCidrs: operatorOnly, openRoads: [] });
    await expect(failure).rejects.toMatchObject({ type: 'fence-not-in-force' });
    expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    await client.end();
  });

  test('that would let nobody in is refused', async () => {
    const failure = run(activities.raiseFence, { operatorCidrs: [], openRoads: [] });
    await expect(failure).rejects.toMatchObject({ type: 'configuration-invalid' });
  });

  test('waits with heartbeats, and stops waiting when cancelled', async () => {
    production.supabase.faults.switchOn('restrictions-stay-stored');
    const environment = quietEnvironment();
    let heartbeats = 0;
    environment.on('heartbeat', () => {
      heartbeats += 1;
      if (heartbeats === 3) environment.cancel();
    });
    const waiting = run(activities.raiseFence, { operatorCidrs: operatorOnly, openRoads: [] }, environment);
    await expect(waiting).rejects.toMatchObject({ name: 'CancelledFailure' });
    expect(heartbeats).toBeGreaterThanOrEqual(3);
  });
});
