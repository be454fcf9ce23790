import { randomBytes } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { mkdir, mkdtemp, open, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { createS3Bucket } from '../../activities/adapters/s3/index.ts';
import { locateSeaweed } from '../../activities/adapters/toolbox/index.ts';
import { type PlaceReference, syncUploads } from '../../activities/uploads/index.ts';
import { composeUploads } from '../../worker/local/uploads.ts';
import { type SandboxS3, startSandboxS3 } from '../sandbox/s3/index.ts';
import { startDelayProxy } from './delay-proxy.ts';
import { installPeers, type Peer, runPeer } from './uploads-peers.ts';

/**
 * Synchronises 5,000 objects of 10 KB and 4 of 256 MB both ways, by us and by what people use for it, on loopback and
 * with a round trip of 40 ms put between. Tools take turns; medians and ratios to each peer are printed, with the most
 * memory of our process and the machine's load. We run inside a process that is up, as the worker is; the others start
 * theirs each time. What one has written is on the disk before the next begins.
 *
 * `node --import tsx test/bench/uploads.ts [--rounds 3] [--only small|large|many|huge] [--tools folder]`
 */
const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    only: { type: 'string' },
    tools: { type: 'string' },
  },
});
const rounds = Number(options.rounds);
const roundTripMs = 40;
const workloads = [
  { name: 'small', title: '5,000 x 10 KB', objects: 5_000, bytes: 10_000, delays: [0, roundTripMs] },
  { name: 'large', title: '4 x 256 MB', objects: 4, bytes: 256 * 1024 * 1024, delays: [0] },
  { name: 'many', title: '20,000 x 10 KB', objects: 20_000, bytes: 10_000, delays: [0] },
  { name: 'huge', title: '1 x 4 GiB', objects: 1, bytes: 4 * 1024 ** 3, delays: [0] },
].filter(({ name }) =>
  options.only === undefined ? ['small', 'large'].includes(name) : options.only === name,
);

const directions = ['down', 'unchanged', 'up'] as const;
type Direction = (typeof directions)[number];
const mostAtOnce = 16 * 1024 * 1024;
let targets = 0;
let mostBytes = 0;

const root = await mkdtemp(join(tmpdir(), 'dr-bench-uploads-'));
try {
  const peers = await installPeers(options.tools ?? join(root, 'tools'));
  const { path: weedProgram } = await locateSeaweed();
  const s3 = await startSandboxS3({ folder: root, weedProgram });
  const delayed = await startDelayProxy(s3.endpoint, roundTripMs);
  try {
    for (const workload of workloads) await measure(workload, s3, delayed.endpoint, peers);
  } finally {
    await delayed.stop();
    await s3.stop();
  }
} finally {
  await rm(root, { recursive: true, force: true });
}

async function measure(
  workload: (typeof workloads)[number],
  s3: SandboxS3,
  delayedEndpoint: string,
  peers: readonly Peer[],
): Promise<void> {
  const source = join(root, workload.name);
  await fill(source, workload);
  const seeded = `seeded-${workload.name}`;
  await s3.createBucket(seeded);
  await ours(s3, { kind: 'folder', folder: source }, bucket(seeded));
  const tools: readonly (Peer | undefined)[] = [undefined, ...peers];

  for (const delayMs of workload.delays) {
    const access = { ...s3, endpoint: delayMs === 0 ? s3.endpoint : delayedEndpoint };
    const times = new Map<string, number[]>();
    for (let round = 0; round < rounds; round += 1) {
      for (let turn = 0; turn < tools.length; turn += 1) {
        const peer = tools[(turn + round) % tools.length];
        for (const [direction, seconds] of await timeBothWays(s3, access, peer, seeded)) {
          const name = `${direction} ${peer?.name ?? 'ours'}`;
          times.set(name, [...(times.get(name) ?? []), seconds]);
          console.log(`  ${workload.title}, ${delayMs} ms: ${name} ${seconds.toFixed(2)} s`);
        }
      }
    }
    for (const direction of directions)
      report(`${workload.title}, ${delayMs} ms, ${direction}`, direction, times, peers);
  }
}

async function timeBothWays(
  s3: SandboxS3,
  access: SandboxS3,
  peer: Peer | undefined,
  seeded: string,
): Promise<readonly (readonly [Direction, number])[]> {
  const folder = join(root, 'target', 'tree');
  await mkdir(folder, { recursive: true });
  targets += 1;
  const target = `target-${targets}`;
  await s3.createBucket(target);
  const local = { kind: 'folder', folder } as const;
  const down = () =>
    peer === undefined
      ? ours(access, bucket(seeded), local)
      : runPeer(peer, access, { direction: 'down', folder, bucket: seeded });
  const up = () =>
    peer === undefined
      ? ours(access, local, bucket(target))
      : runPeer(peer, access, { direction: 'up', folder, bucket: target });
  const times: (readonly [Direction, number])[] = [];
  for (const [direction, work] of [
    ['down', down],
    ['unchanged', down],
    ['up', up],
  ] as const) {
    await execa('sync');
    const startedAt = performance.now();
    await work();
    times.push([direction, (performance.now() - startedAt) / 1000]);
  }
  await rm(join(root, 'target'), { recursive: true });
  await emptyBucket(s3, target);
  return times;
}

async function ours(access: SandboxS3, from: PlaceReference, to: PlaceReference): Promise<void> {
  const dependencies = composeUploads({ stores: { primary: access }, stateFolder: join(root, 'state') });
  const sampling = setInterval(() => {
    mostBytes = Math.max(mostBytes, process.memoryUsage.rss());
  }, 20);
  const result = await syncUploads(
    dependencies,
    { from, to, purpose: 'backup', keepDays: 30, verify: 'changes' },
    { signal: new AbortController().signal, progress: () => undefined },
  ).finally(() => clearInterval(sampling));
  if (!result.complete) throw new Error(`Our own run is not complete: ${JSON.stringify(result.failures)}`);
}

function bucket(name: string): PlaceReference {
  return { kind: 'bucket', store: 'primary', bucket: name };
}

async function fill(folder: string, workload: (typeof workloads)[number]): Promise<void> {
  for (let index = 0; index < workload.objects; index += 1) {
    const path = join(folder, `folder-${index % 50}`, `object-${index}.jpg`);
    await mkdir(dirname(path), { recursive: true });
    const file = await open(path, 'w');
    for (let left = workload.bytes; left > 0; left -= mostAtOnce) {
      await file.write(randomBytes(Math.min(left, mostAtOnce)));
    }
    await file.close();
  }
}

async function emptyBucket(s3: SandboxS3, name: string): Promise<void> {
  const client = createS3Bucket({ ...s3, bucket: name });
  const { signal } = new AbortController();
  setMaxListeners(0, signal);
  try {
    const keys = [];
    for await (const { key } of client.list(signal)) keys.push(key);
    while (keys.length > 0) await Promise.all(keys.splice(0, 32).map((key) => client.remove(key, signal)));
  } finally {
    await client.close();
  }
}

function report(
  title: string,
  direction: Direction,
  times: Map<string, number[]>,
  peers: readonly Peer[],
): void {
  const own = median(times.get(`${direction} ours`) ?? []);
  const compared = peers.map(({ name }) => {
    const theirs = median(times.get(`${direction} ${name}`) ?? []);
    return `${name} ${theirs.toFixed(2)} s (ours/${name} ${(own / theirs).toFixed(2)})`;
  });
  const memory = `most memory ${Math.round(mostBytes / 1024 ** 2)} MiB, load ${loadavg()[0]?.toFixed(1)}`;
  console.log(`${title}: ours ${own.toFixed(2)} s, ${compared.join(', ')}; ${memory}`);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.slice(Math.floor((sorted.length - 1) / 2), Math.floor(sorted.length / 2) + 1);
  return middle.reduce((sum, value) => sum + value, 0) / middle.length;
}
