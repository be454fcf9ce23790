import { Context } from '@temporalio/activity';
import type { VaultWork } from './location.ts';

const heartbeatEveryMs = 1_000;

/** Runs work within an activity, with a heartbeat every second that says what it does; it is told when to stop. */
export async function heartbeating<T>(run: (work: VaultWork) => Promise<T>): Promise<T> {
  const context = Context.current();
  let last = { doing: 'starting', bytes: 0 };
  const heartbeats = setInterval(() => context.heartbeat(last), heartbeatEveryMs);
  try {
    return await run({
      signal: context.cancellationSignal,
      progress: (doing, bytes) => {
        last = { doing, bytes };
      },
    });
  } finally {
    clearInterval(heartbeats);
  }
}
