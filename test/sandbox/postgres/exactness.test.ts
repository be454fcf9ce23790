import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { until } from './condition.ts';
import { shop, startTestCluster } from './test-cluster.ts';
import { Writers } from './writers.ts';

const restores = 20;
const writerCount = 3;
/** A commit takes its timestamp a moment before others can see it. */
const visibilityMs = 200;

interface Sale {
  readonly id: number;
  readonly xid: number;
  readonly committedAtMicros: bigint;
}

/** What was true of one timeline just before it was abandoned, and the whole seconds in which it was live. */
interface Era {
  readonly timeline: number;
  readonly sales: readonly Sale[];
  readonly seconds: readonly number[];
}

let test: Awaited<ReturnType<typeof startTestCluster>>;
let writers: Writers;
let recoveringFromMs = 0;

beforeAll(async () => {
  test = await startTestCluster({
    onRestorePhase: (phase) => {
      if (phase === 'recovering') recoveringFromMs = Date.now();
    },
  });
  await test.cluster.takeBaseBackup();
  writers = new Writers(test.cluster.connectionString(shop, 'postgres'), writerCount);
});
afterAll(async () => {
  await writers.stop();
  await test.cluster.dispose();
});

async function readSales(): Promise<readonly Sale[]> {
  const micros = '(extract(epoch FROM pg_xact_commit_timestamp(xmin)) * 1000000)::bigint';
  const rows = await test.query(`SELECT id, xmin::text::bigint, ${micros} FROM sales`);
  return rows.map(([id, xid, at]) => ({
    id: Number(id),
    xid: Number(xid),
    committedAtMicros: BigInt(String(at)),
  }));
}

/** Lets the traffic run into a new whole second of the live timeline, then takes down what is true. */
async function closeEra(liveFromMs: number): Promise<Era> {
  const first = Math.ceil(liveFromMs / 1000);
  await until(
    'a whole second of traffic',
    60_000,
    () => Date.now() > first * 1000 + 2 * visibilityMs || undefined,
  );
  const last = Math.floor((Date.now() - visibilityMs) / 1000);
  const seconds = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  const sales = await until('a sale after the last of them', 60_000, async () => {
    const seen = await readSales();
    const isLater = ({ committedAtMicros }: Sale) => committedAtMicros > BigInt(last) * 1_000_000n;
    return seen.some(isLater) ? seen : undefined;
  });
  return { timeline: test.cluster.timeline(), sales, seconds };
}

/**
 * The sales that a restore must bring back: those committed by then. A recovery stops at the first commit after the
 * target in the order of the WAL, so that one which took its timestamp before the target and was written after that
 * commit is rightly not among them.
 */
async function expectedIds(era: Era, targetMicros: bigint): Promise<number[]> {
  const commits = await test.cluster.archive.commits(era.timeline);
  const end = commits.findIndex(({ committedAtMicros }) => committedAtMicros > targetMicros);
  expect(end, 'the archive holds a commit after the target').toBeGreaterThanOrEqual(0);
  const overtaken = new Set(commits.slice(end).map(({ xid }) => xid));
  const due = era.sales.filter(({ committedAtMicros }) => committedAtMicros <= targetMicros);
  return due.filter(({ xid }) => !overtaken.has(xid)).map(({ id }) => id);
}

it(`${restores} restores to random seconds under traffic miss nothing before and keep nothing after`, async () => {
  const eras: Era[] = [];
  const abandoned: boolean[] = [];
  let liveFromMs = (test.cluster.baseBackups()[0]?.finishedAt ?? 0) + 1_000;
  for (let restore = 1; restore <= restores; restore++) {
    const enough = Math.ceil(liveFromMs / 1000) * 1000 + 2 * visibilityMs;
    const livesLong = restore % 2 === 1;
    if (livesLong) await until('a whole second of traffic', 60_000, () => Date.now() > enough || undefined);
    eras.push(await closeEra(liveFromMs));
    const targetable = eras.filter(({ seconds }) => seconds.length > 0);
    const takesLive = livesLong && randomInt(4) > 0;
    const era = takesLive ? targetable.at(-1) : targetable[randomInt(targetable.length)];
    const target = era?.seconds[randomInt(era.seconds.length)];
    if (era === undefined || target === undefined) throw new Error('There is no second to restore to.');
    const targetMicros = BigInt(target) * 1_000_000n;
    expect(era.sales.filter(({ committedAtMicros }) => committedAtMicros > targetMicros)).not.toHaveLength(0);

    await test.cluster.restoreTo(target);
    liveFromMs = Date.now();
    const restored = (await readSales()).filter(
      (sale) => sale.committedAtMicros < BigInt(recoveringFromMs) * 1000n,
    );
    const present = new Set(restored.map(({ id }) => id));
    const expected = new Set(await expectedIds(era, targetMicros));
    const result = {
      missing: [...expected].filter((id) => !present.has(id)),
      surplus: [...present].filter((id) => !expected.has(id)),
    };
    expect(result, `restore ${restore} to ${target} on timeline ${era.timeline}`).toEqual({
      missing: [],
      surplus: [],
    });
    expect(restored.filter(({ committedAtMicros }) => committedAtMicros > targetMicros)).toEqual([]);
    expect(present.size).toBeGreaterThan(0);
    abandoned.push(era !== eras.at(-1));
  }
  expect(new Set(abandoned)).toEqual(new Set([true, false]));
});
