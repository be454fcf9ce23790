import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { asyncLocalStorage, Context } from '@temporalio/activity';
import type { RecoveryMarker } from '../../workflows/contracts/marker.ts';
import type { Observation, ObserveInput, SignalName } from '../../workflows/contracts/monitoring.ts';
import { DrError } from '../errors.ts';
import { within } from '../within.ts';
import type { MonitoringDependencies } from './dependencies.ts';
import { probeGroups } from './groups.ts';
import type { Look, ProbeGroup } from './look.ts';
import { mayAllBeGone, tellsWhetherAllIsGone } from './may-all-be-gone.ts';
import { forget, nothingRemembered } from './memory.ts';
import { applicationProbes } from './probes/application.ts';
import { pagesProbe } from './probes/pages.ts';
import { earlierLook } from './progress.ts';
import { notKnown } from './reading.ts';
import { firstDue, intervalOf } from './rhythm.ts';
import { evidenceOf } from './rules.ts';
import { Watch } from './watch.ts';

/** Where one is doubtful, reading every page is worth it at once: rows that a page of zeros took look like deleted ones. */
const aboutRows: readonly SignalName[] = ['missing-records', 'inconsistent-data'];

/** Asked at once where the application is down: whether everything is gone must be known before a crash is recovered. */
const askedAboutAll = probeGroups.filter(({ signals }) =>
  signals.some((signal) => tellsWhetherAllIsGone.includes(signal)),
);

/** The application is looked at to the end, and reading every page goes on beyond it. */
const isNotWaitedFor = (group: ProbeGroup) => group === applicationProbes || group === pagesProbe;

/**
 * Looks at production, each group of probes in its own time, until a signal turns to trouble or back and it is known
 * whether everything is gone, or the time is over; looks that are under way then are waited for, but not by a worker
 * that stops. What is known so far goes out with every heartbeat, and an attempt after this one goes on from there. A
 * probe that fails is "not known" and keeps no other from being made.
 *
 * @throws CancelledFailure at once when the activity is cancelled
 */
export async function observe(
  dependencies: MonitoringDependencies,
  input: ObserveInput,
): Promise<Observation> {
  const context = Context.current();
  const { stopping } = dependencies;
  const { monitor, marker: markers } = dependencies.policy;
  const earlier = earlierLook();
  const startedAt = new Date().toISOString();
  const forgotten = input.forget ?? [];
  const outdated = [...forgotten, ...outdatedBy(input)];
  const watch = new Watch(
    monitor,
    earlier?.states ?? input.states.filter(({ signal }) => !forgotten.includes(signal)),
    earlier?.memory ?? forget(input.memory ?? nothingRemembered, outdated, startedAt),
  );
  const changed = new Set<SignalName>(earlier?.changed);
  let marker: RecoveryMarker | null = earlier?.marker ?? null;
  const timeOver = new AbortController();
  const over = new AbortController();
  // Every look that is under way listens to it.
  setMaxListeners(0, over.signal, timeOver.signal);
  const hurry = new Map<string, () => void>();
  let tellTurned: () => void = () => undefined;
  const turned = new Promise<void>((resolve) => {
    tellTurned = resolve;
  });
  let leave: () => void = () => undefined;
  const stopped = new Promise<void>((resolve) => {
    leave = resolve;
  });
  const note = () => {
    context.heartbeat({ states: watch.states, memory: watch.memory, marker, changed: [...changed] });
  };

  const isDecided = () => changed.size > 0 && !mayAllBeGone(watch.states);

  const lookOnce = async (group: ProbeGroup): Promise<void> => {
    const at = new Date().toISOString();
    const found = await lookWithin(group, {
      dependencies,
      monitor,
      environment: input.environment,
      memory: watch.memory,
      at,
      signal: over.signal,
    });
    if (over.signal.aborted) return;
    for (const signal of watch.take(found, at)) changed.add(signal);
    note();
    if (watch.doubts(aboutRows)) hurry.get(pagesProbe.name)?.();
    // Asked beside each look that finds the application down, they are known to be silent as soon as that counts.
    if (group === applicationProbes && (watch.doubts(['health-check']) || mayAllBeGone(watch.states))) {
      for (const platform of askedAboutAll) hurry.get(platform.name)?.();
    }
    if (isDecided()) tellTurned();
  };

  const keepLooking = async (group: ProbeGroup, until: AbortSignal): Promise<void> => {
    let dueAt = input.everything === true && earlier === undefined ? 0 : firstDue(group, watch, monitor);
    while (!until.aborted) {
      await sleepUntil(dueAt, until, (wake) => hurry.set(group.name, wake));
      if (until.aborted) return;
      const begunAt = Date.now();
      await lookOnce(group);
      dueAt = begunAt + intervalOf(group, watch, monitor);
    }
  };

  const keepMarking = async (): Promise<void> => {
    while (!over.signal.aborted) {
      const dueAt = Date.now() + markers.everyMs;
      const writing = await dependencies.writeMarker().catch(() => undefined);
      if (writing?.kind === 'written') {
        marker = writing.marker;
        note();
      }
      await sleepUntil(dueAt, over.signal);
    }
  };

  const groups = probeGroups.filter(({ duringRecovery }) => duringRecovery || !input.recoveryRunning);
  // Outside of the activity's context: what a probe says with heartbeats of its own would replace what is known.
  const lastLooks = asyncLocalStorage.exit(() => {
    for (const group of groups.filter(isNotWaitedFor)) void keepLooking(group, over.signal);
    if (input.writeMarkers && !input.recoveryRunning) void keepMarking();
    return Promise.all(
      groups.filter((group) => !isNotWaitedFor(group)).map((group) => keepLooking(group, timeOver.signal)),
    );
  });
  stopping.addEventListener('abort', leave);
  if (stopping.aborted) leave();
  try {
    const time = delay(input.forMs, undefined, { signal: over.signal }).catch(() => undefined);
    if (!isDecided()) await Promise.race([turned, time, stopped, context.cancelled]);
    if (changed.size > 0 && !isDecided()) {
      const patience = delay(monitor.patienceMs.other, undefined, { signal: over.signal }).catch(() => null);
      await Promise.race([turned, patience, stopped, context.cancelled]);
    }
    timeOver.abort();
    // A look that is under way is ended, or one that takes longer than the time would never come to an end.
    if (changed.size === 0) await Promise.race([turned, lastLooks, stopped, context.cancelled]);
  } finally {
    stopping.removeEventListener('abort', leave);
    timeOver.abort();
    over.abort();
  }
  const states = watch.states;
  return {
    states,
    memory: watch.memory,
    evidence: evidenceOf(states, monitor.rules),
    changed: [...changed],
    marker,
    endedAt: new Date().toISOString(),
  };
}

/** A recovery may rewind rows that nobody missed: how many there were says nothing then. */
function outdatedBy({ recoveryRunning, states }: ObserveInput): readonly SignalName[] {
  const missed = states.some(({ signal, trouble }) => trouble && aboutRows.includes(signal));
  return recoveryRunning && !missed ? aboutRows : [];
}

async function lookWithin(group: ProbeGroup, context: Parameters<ProbeGroup['look']>[0]): Promise<Look> {
  try {
    const ms = group.patienceMs(context.monitor);
    return await within(ms, group.look(context), () => noAnswer(ms), context.signal);
  } catch (error) {
    return { readings: group.signals.map((signal) => notKnown(signal, error, '')) };
  }
}

function noAnswer(ms: number): DrError {
  return new DrError('internal-error', {
    happened: `No answer within ${ms / 1000} s.`,
    meaning: 'What was asked is not known.',
    next: 'Look whether it answers by hand.',
  });
}

/** Sleeps until a moment (Unix ms), or until it is woken or the signal is given; never throws. */
async function sleepUntil(
  dueAt: number,
  signal: AbortSignal,
  onSleeping: (wake: () => void) => void = () => undefined,
): Promise<void> {
  const woken = new AbortController();
  onSleeping(() => woken.abort());
  await delay(Math.max(0, dueAt - Date.now()), undefined, {
    signal: AbortSignal.any([signal, woken.signal]),
  }).catch(() => undefined);
}
