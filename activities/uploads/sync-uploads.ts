import { setMaxListeners } from 'node:events';
import { createAttempts } from './attempts.ts';
import { bringOver } from './bring-over.ts';
import { runName } from './keep.ts';
import { createLanes } from './lanes.ts';
import { listBoth } from './listings.ts';
import { type Pair, pairOf } from './pair.ts';
import { createPartBuffers } from './part-buffers.ts';
import { holderOf, type Place, type SyncDependencies, type SyncInput } from './places.ts';
import type { SyncState } from './ports.ts';
import { removeSurplus } from './remove-surplus.ts';
import type { SyncResult } from './result.ts';
import { createRetention } from './retention.ts';
import type { Run } from './run.ts';
import { type SyncProgress, Tally } from './tally.ts';
import { partBytes } from './transfer.ts';

/** Objects at once and the memory they share. 128 hide 40 ms of latency; on loopback 32 are as good (measured). */
const limits = { count: 128, bytes: 128 * 1024 * 1024 };

/**
 * Makes the destination hold what the source holds. Both sides are listed whole and compared by size, time and ETag with
 * what was recorded last time; only what differs is read, and only what differs in content is transferred, each object
 * with a checksum. What is deleted or replaced is kept. An interrupted run is gone on with by the next: finished objects,
 * ranges and parts are not transferred again.
 *
 * @param surroundings.signal ends the run; partial files and parts stay for the next one
 * @returns what was done; failures of single objects are listed there
 * @throws DrError `store-unavailable` (retried) when a side is gone or the disk full, `store-refused`, `input-invalid`
 */
export async function syncUploads(
  dependencies: SyncDependencies,
  input: SyncInput,
  surroundings: { readonly signal: AbortSignal; readonly progress: (progress: () => SyncProgress) => void },
): Promise<SyncResult> {
  const startedAt = new Date();
  const open: { close(): Promise<void> }[] = [];
  const opened = async <T extends { close(): Promise<void> }>(opening: Promise<T>): Promise<T> => {
    const resource = await opening;
    open.push(resource);
    return resource;
  };
  try {
    const from = await opened(dependencies.open(input.from));
    const to = await opened(dependencies.open(input.to));
    const pair = pairOf(from, to, input.purpose);
    const state = await opened(dependencies.openState(holderOf(input)));
    return await runOnce({ from, to, pair, state, input, startedAt, surroundings });
  } finally {
    for (const resource of open.reverse()) await resource.close();
  }
}

async function runOnce(opened: {
  readonly from: Place;
  readonly to: Place;
  readonly pair: Pair;
  readonly state: SyncState;
  readonly input: SyncInput;
  readonly startedAt: Date;
  readonly surroundings: Parameters<typeof syncUploads>[2];
}): Promise<SyncResult> {
  const { from, to, pair, state, input, startedAt, surroundings } = opened;
  const began = performance.now();
  const tally = new Tally();
  surroundings.progress(() => tally.progress());
  const given = new AbortController();
  const signal = AbortSignal.any([surroundings.signal, given.signal]);
  // Every request in flight listens to it.
  setMaxListeners(0, signal);
  const retention = createRetention(to, startedAt, input.keepDays);
  const name = runName(startedAt);

  const listings = await listBoth(
    { from, to },
    state,
    {
      listed: (side) => {
        tally.listed[side] += 1;
      },
      refused: (key, why) => tally.refused.add({ key, why }),
      kept: (object, run) => retention.see(object, run),
    },
    signal,
  );
  const listingMs = Math.round(performance.now() - began);
  const run: Run = {
    pair,
    state,
    listings,
    retention,
    tally,
    input,
    lanes: createLanes(limits),
    context: {
      ...{ state, tally, purpose: input.purpose, run: name, signal },
      buffers: createPartBuffers(limits.bytes / partBytes),
    },
    ...createAttempts(tally, given, signal),
  };
  try {
    await removeSurplus(run);
    await bringOver(run);
    run.requireGoingOn();
    tally.phase = 'finishing';
    await state.save();
    if (tally.failures.size === 0) await tidyUp(run, to);
  } finally {
    await run.lanes.idle();
    await listings.dispose();
  }
  return tally.result({
    from: pair.from,
    to: pair.to,
    run: name,
    startedAt: startedAt.toISOString(),
    durationMs: Math.round(performance.now() - began),
    listingMs,
  });
}

async function tidyUp({ state, retention, tally, context }: Run, to: Place): Promise<void> {
  if (to.kind === 'folder') await to.tree.clearPartials();
  else {
    for (const abandoned of await state.abandonedUploads(to.bucket.place)) {
      await to.bucket.abandonParts(abandoned);
      await state.forgetUpload(to.bucket.place, abandoned.key);
    }
  }
  if (!tally.sourceWasEmpty) tally.purged = await retention.purge(context.signal);
}
