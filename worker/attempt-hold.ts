import { asyncLocalStorage, type Context } from '@temporalio/activity';
import { DrError } from '../activities/errors.ts';

/** Short against the shortest standstill that counts, so that a busy moment is not taken for one. */
const lookEveryMs = 250;
/**
 * The SDK hands on a heartbeat only every 0.8 of the heartbeat timeout (`maxHeartbeatThrottleInterval` in Temporal's
 * worker options), so a standstill of the rest may already have cost the attempt.
 */
const surelyHeldShare = 0.2;
/** What was received during a standstill reaches the activities at once after it. */
const wakingMs = 1_000;

interface HeldAttempt {
  /** Null where Temporal expects no heartbeat, and so never takes the attempt for dead. */
  readonly longestStandstillMs: number | null;
  lostByMs: number | null;
}

interface Standstill {
  readonly ms: number;
  readonly endedAt: number;
}

/** Notices when the process stood still: stopped by a signal, or its machine suspended. */
class StandstillWatch {
  private readonly attempts = new Set<HeldAttempt>();
  private watchers = 0;
  private timer: NodeJS.Timeout | undefined;
  private last = { wall: 0, monotonic: 0 };
  private waking: Standstill = { ms: 0, endedAt: Number.NEGATIVE_INFINITY };

  start(): () => void {
    if (this.watchers === 0) {
      this.last = { wall: Date.now(), monotonic: performance.now() };
      this.timer = setInterval(() => this.look(), lookEveryMs).unref();
    }
    this.watchers += 1;
    return () => {
      this.watchers -= 1;
      if (this.watchers === 0) clearInterval(this.timer);
    };
  }

  /** Temporal may have handed it over before or during a standstill that the process has only just left. */
  add(attempt: HeldAttempt): () => void {
    this.look();
    if (performance.now() - this.waking.endedAt < wakingMs) judge(attempt, this.waking.ms);
    this.attempts.add(attempt);
    return () => this.attempts.delete(attempt);
  }

  /** The monotonic clock may stand still with a suspended machine; the wall clock may be set back. */
  look(): void {
    const now = { wall: Date.now(), monotonic: performance.now() };
    const ms = Math.max(now.wall - this.last.wall, now.monotonic - this.last.monotonic);
    this.last = now;
    if (ms > 2 * lookEveryMs) this.waking = { ms, endedAt: now.monotonic };
    for (const attempt of this.attempts) judge(attempt, ms);
  }
}

function judge(attempt: HeldAttempt, standstillMs: number): void {
  const { longestStandstillMs } = attempt;
  if (longestStandstillMs !== null && standstillMs > longestStandstillMs) attempt.lostByMs ??= standstillMs;
}

const standstills = new StandstillWatch();
const attempts = new WeakMap<Context, HeldAttempt>();

/**
 * Begins to notice standstills of the process, so that an attempt received during one is known for doubtful. The
 * process may end while it watches.
 *
 * @returns what ends the watch
 */
export function watchStandstills(): () => void {
  return standstills.start();
}

/**
 * Begins to watch whether an attempt of an activity may still be this worker's: a standstill longer than a fifth of the
 * heartbeat timeout loses it for good, since Temporal may have given it to another worker.
 *
 * @returns what ends the watch, at the attempt's end
 */
export function holdAttempt(context: Context): () => void {
  const { heartbeatTimeoutMs } = context.info;
  const attempt: HeldAttempt = {
    longestStandstillMs: heartbeatTimeoutMs ? heartbeatTimeoutMs * surelyHeldShare : null,
    lostByMs: null,
  };
  const stop = standstills.start();
  const remove = standstills.add(attempt);
  attempts.set(context, attempt);
  return () => {
    remove();
    stop();
  };
}

/**
 * Lets a change through only while the attempt that makes it is this worker's. Synchronous: what follows at once is
 * done under it. Outside of a held attempt everything is let through.
 *
 * @param change what is about to be done, such as `stop a deployment`
 * @throws CancelledFailure when the attempt was cancelled; DrError `attempt-lost` (retried) after a standstill
 */
export function assertAttemptHeld(change: string): void {
  const context = asyncLocalStorage.getStore();
  const attempt = context === undefined ? undefined : attempts.get(context);
  if (context === undefined || attempt === undefined) return;
  context.cancellationSignal.throwIfAborted();
  standstills.look();
  if (attempt.lostByMs === null) return;
  throw new DrError('attempt-lost', {
    happened: `The worker stood still for ${(attempt.lostByMs / 1_000).toFixed(1)} s and did not ${change} after it.`,
    meaning: 'Temporal may have given the step to another worker meanwhile, which goes on with it.',
    next: 'Nothing by hand: the step is tried again. If this comes back, see why the worker’s machine stands still.',
  });
}
