import { setTimeout as delay } from 'node:timers/promises';
import { type WorkflowExecutionDescription, WorkflowNotFoundError } from '@temporalio/client';
import type { RecoveryReport } from '../../workflows/contracts/report.ts';
import type { RecoveryStatus } from '../../workflows/contracts/status.ts';
import { foreseenAt } from '../../workflows/runbook/forecast.ts';
import type { EnvironmentVariables, TextOutput } from '../context.ts';
import { describe, isClosed, queryStatus, type RecoveryHandle, whyNoAnswer } from '../recovery/run.ts';
import { failingWorkflowTask } from '../worker-health.ts';
import { changeLines } from './change-lines.ts';
import { redraw } from './redraw.ts';
import { screenFor, writeLines } from './screen.ts';
import { statusScreen } from './status-screen.ts';
import { hang } from './text.ts';

/** How often a watched run is looked at unless told otherwise, in ms. */
const defaultEveryMs = 1000;

/** How long a watched run may take to answer a query, in ms. */
const queryMs = 5000;

/** How a run is watched. */
export interface WatchOptions {
  readonly environment: EnvironmentVariables;
  readonly now: () => Date;
  /** Stops the watching, never the run. */
  readonly signal?: AbortSignal;
  /** How often to look, in ms. */
  readonly everyMs?: number;
  /** What was shown already by an earlier watching: only what changed since is written. */
  readonly lastSeen?: RecoveryStatus | null;
  /** Writes each changed status as one line of JSON instead. */
  readonly json?: boolean;
}

/** Why watching ended. */
export type WatchEnd =
  | {
      readonly kind: 'closed';
      readonly handle: RecoveryHandle;
      readonly description: WorkflowExecutionDescription;
    }
  | {
      readonly kind: 'stopped';
      /** To go on from, as `lastSeen` of the next watching. */
      readonly lastSeen: RecoveryStatus | null;
    };

/** Shows one look after the other. */
interface View {
  readonly show: (status: RecoveryStatus | null, trouble: string | null) => void;
  readonly end: () => void;
  readonly lastSeen: () => RecoveryStatus | null;
}

/**
 * Shows a run until it ends: redrawn on a terminal, a line for each change elsewhere. Goes on while no worker answers,
 * and says so.
 *
 * @param handle of the run; a run that continues as new is followed
 * @throws WorkflowNotFoundError when there is no such run
 */
export async function watchRecovery(
  handle: RecoveryHandle,
  output: TextOutput,
  options: WatchOptions,
): Promise<WatchEnd> {
  const view = viewFor(output, options);
  const signal = options.signal ?? new AbortController().signal;
  const stopped = new Promise<WatchEnd>((resolve) => {
    const stop = () => resolve({ kind: 'stopped', lastSeen: view.lastSeen() });
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
  });
  try {
    return await Promise.race([follow(handle, view, options.everyMs ?? defaultEveryMs, signal), stopped]);
  } finally {
    view.end();
  }
}

async function follow(
  handle: RecoveryHandle,
  view: View,
  everyMs: number,
  signal: AbortSignal,
): Promise<WatchEnd> {
  let followed = handle;
  while (!signal.aborted) {
    const description = await describeOrTell(followed, view);
    if (description?.status.name === 'CONTINUED_AS_NEW') {
      followed = followed.client.getHandle<() => Promise<RecoveryReport>>(followed.workflowId);
      continue;
    }
    if (description !== null) {
      const seen = await ask(followed, description);
      if (signal.aborted) break;
      view.show(seen.status, seen.trouble);
      if (isClosed(description)) return { kind: 'closed', handle: followed, description };
    }
    await delay(everyMs);
  }
  return { kind: 'stopped', lastSeen: view.lastSeen() };
}

async function describeOrTell(
  handle: RecoveryHandle,
  view: View,
): Promise<WorkflowExecutionDescription | null> {
  try {
    return await describe(handle);
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) throw error;
    view.show(null, `Temporal does not answer: ${whyNoAnswer(error, queryMs)}. Trying again.`);
    return null;
  }
}

async function ask(handle: RecoveryHandle, description: WorkflowExecutionDescription) {
  try {
    return { status: await queryStatus(handle, queryMs), trouble: null };
  } catch (error) {
    const failing = await failingWorkflowTask(handle.client, description).catch(() => null);
    const why = failing?.happened ?? `The run does not answer: ${whyNoAnswer(error, queryMs)}.`;
    return { status: null, trouble: `${why} ${failing?.next ?? 'Is a worker running? npm run worker'}` };
  }
}

function viewFor(output: TextOutput, options: WatchOptions): View {
  if (options.json === true) return jsonView(output, options);
  return output.isTTY === true ? terminalView(output, options) : lineView(output, options);
}

function terminalView(output: TextOutput, { environment, now, lastSeen = null }: WatchOptions): View {
  const draw = redraw(output);
  let last = lastSeen;
  return {
    show: (status, trouble) => {
      last = status ?? last;
      const screen = screenFor({ stdout: output, environment, now });
      const below = [
        ...(trouble === null ? [] : hang('NOT MOVING: ', trouble, screen.width)),
        screen.style('faint', 'Ctrl-C stops watching; the run goes on.'),
      ];
      const whole = last === null ? [] : statusScreen(last, screen);
      const fits = whole.length + below.length < (output.rows ?? 24);
      const shown = fits || last === null ? whole : statusScreen(last, { ...screen, brief: true });
      draw([...shown, ...below]);
    },
    end: () => undefined,
    lastSeen: () => last,
  };
}

function lineView(output: TextOutput, { now, lastSeen = null }: WatchOptions): View {
  let last = lastSeen;
  let told: string | null = null;
  return {
    show: (seen, trouble) => {
      const status = seen === null ? null : foreseenAt(seen, now().getTime());
      if (status !== null) writeLines(output, changeLines(last, status, now()));
      if (trouble !== null && trouble !== told) writeLines(output, [`not moving: ${trouble}`]);
      last = status ?? last;
      told = trouble;
    },
    end: () => undefined,
    lastSeen: () => last,
  };
}

function jsonView(output: TextOutput, { now }: WatchOptions): View {
  let written = '';
  let last: RecoveryStatus | null = null;
  return {
    show: (seen, trouble) => {
      const status = seen === null ? null : foreseenAt(seen, now().getTime());
      // The end moves with every second that is waited: only its verdict makes another line.
      const change = JSON.stringify([{ ...seen, rtoForecast: status?.rtoForecast?.verdict }, trouble]);
      if (change !== written) writeLines(output, [JSON.stringify({ status, trouble })]);
      written = change;
      last = status ?? last;
    },
    end: () => undefined,
    lastSeen: () => last,
  };
}
