import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { until } from './condition.ts';
import { queryAs, shop, startTestCluster } from './test-cluster.ts';

const poolerAddress = '127.0.0.7';
let test: Awaited<ReturnType<typeof startTestCluster>>;
let pooler: Awaited<ReturnType<typeof startForwarder>>;

beforeAll(async () => {
  test = await startTestCluster();
  pooler = await startForwarder(test.cluster.port);
});
afterAll(async () => {
  pooler.close();
  await test.cluster.dispose();
});

/** Forwards a port to the cluster from another loopback address, as a client elsewhere would come in. */
async function startForwarder(port: number) {
  const sockets = new Set<Socket>();
  const server = createServer((incoming) => {
    const outgoing = connect({ host: '127.0.0.1', port, localAddress: poolerAddress });
    for (const socket of [incoming, outgoing]) {
      sockets.add(socket);
      socket.on('error', () => undefined).once('close', () => sockets.delete(socket));
    }
    incoming.pipe(outgoing).pipe(incoming);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The forwarder has no port.');
  const close = () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  return { port: address.port, close };
}

const direct = () => test.cluster.connectionString(shop, 'postgres');
const throughPooler = () => direct().replace(`:${test.cluster.port}/`, `:${pooler.port}/`);

it.runIf(process.platform === 'linux')(
  'shut other networks out at once, leave sessions alone, never the platform, and outlive a restore',
  async () => {
    const { cluster } = test;
    expect(cluster.networkRestrictions()).toEqual(['0.0.0.0/0', '::/0']);
    expect(await queryAs(throughPooler(), 'SELECT host(inet_client_addr())')).toEqual([[poolerAddress]]);
    const { finishedAt } = await cluster.takeBaseBackup();
    const target = Math.ceil(finishedAt / 1000);
    await until('the target has passed', 60_000, () => Date.now() > target * 1000 || undefined);
    const session = new Client({ connectionString: direct() });
    session.on('error', () => undefined);
    await session.connect();

    await cluster.setNetworkRestrictions([`${poolerAddress}/32`]);
    await expect(queryAs(direct(), 'SELECT 1')).rejects.toThrow('no pg_hba.conf entry');
    expect(await queryAs(throughPooler(), 'SELECT 1')).toHaveLength(1);
    expect((await session.query('SELECT 1')).rowCount).toBe(1);
    expect(await test.query('SELECT current_user')).toEqual([['supabase_admin']]);

    await cluster.restoreTo(target);
    expect(cluster.networkRestrictions()).toEqual([`${poolerAddress}/32`]);
    await expect(queryAs(direct(), 'SELECT 1')).rejects.toThrow('no pg_hba.conf entry');
    expect(await queryAs(throughPooler(), 'SELECT 1')).toHaveLength(1);

    await cluster.stop();
    await cluster.setNetworkRestrictions([]);
    await cluster.start();
    await expect(queryAs(throughPooler(), 'SELECT 1')).rejects.toThrow('no pg_hba.conf entry');
    await cluster.setNetworkRestrictions(['127.0.0.0/8']);
    expect(await queryAs(direct(), 'SELECT 1')).toHaveLength(1);
    await session.end().catch(() => undefined);
  },
);

it.each([
  '127.0.0.1',
  '127.0.0.1/33',
  '::/129',
  'all',
  '10.0.0.0/8 trust',
  '10.0.0.0/8\nhost all all all trust',
  '1/2/3',
])('refuse %j, which is no network, and change nothing', async (cidr) => {
  const before = test.cluster.networkRestrictions();
  await expect(test.cluster.setNetworkRestrictions([cidr])).rejects.toThrow(RangeError);
  expect(test.cluster.networkRestrictions()).toEqual(before);
});
