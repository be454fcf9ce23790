import { ApplicationFailure, CancelledFailure, type Context } from '@temporalio/activity';
import type { ActivityExecuteInput, ActivityInboundCallsInterceptor, Next } from '@temporalio/worker';
import { DrError } from '../activities/errors.ts';
import { holdAttempt } from './attempt-hold.ts';

/** A third of the heartbeat timeout that the runbooks set. */
const heartbeatEveryMs = 3_000;

/**
 * What every activity gets on its way in and out: a sign of life every few seconds, so that a dead worker is noticed
 * in seconds whatever the activity does; a watch over whether the attempt may still be this worker's; and failures of
 * the project's own types, with no secret in any message.
 */
export class ActivityInterceptor implements ActivityInboundCallsInterceptor {
  private readonly context: Context;
  private readonly secrets: readonly string[];

  constructor(context: Context, secrets: readonly string[]) {
    this.context = context;
    this.secrets = secrets;
  }

  async execute(
    input: ActivityExecuteInput,
    next: Next<ActivityInboundCallsInterceptor, 'execute'>,
  ): Promise<unknown> {
    const stop = this.keepAlive();
    const release = holdAttempt(this.context);
    try {
      return await next(input);
    } catch (error) {
      throw this.asFailure(error);
    } finally {
      release();
      stop();
    }
  }

  /** Repeats the activity's own last details: a bare heartbeat would erase the progress that a retry goes on from. */
  private keepAlive(): () => void {
    const { context } = this;
    const heartbeat = context.heartbeat.bind(context);
    let details: unknown = context.info.heartbeatDetails;
    Object.defineProperty(context, 'heartbeat', {
      value: (own?: unknown) => {
        details = own;
        heartbeat(own);
      },
    });
    const timer = setInterval(() => heartbeat(details), heartbeatEveryMs);
    return () => clearInterval(timer);
  }

  private asFailure(error: unknown): unknown {
    if (error instanceof CancelledFailure) return error;
    if (error instanceof DrError) {
      const { happened, meaning, next } = error.explanation;
      const explanation = {
        happened: this.redact(happened),
        meaning: this.redact(meaning),
        next: this.redact(next),
      };
      return ApplicationFailure.create({
        type: error.type,
        message: this.redact(error.message),
        nonRetryable: !error.retried,
        details: [explanation],
        ...(error.retryAfterMs === undefined ? {} : { nextRetryDelay: error.retryAfterMs }),
      });
    }
    if (error instanceof ApplicationFailure) return error;
    const message = this.redact(error instanceof Error ? error.message : String(error));
    return ApplicationFailure.create({
      type: 'internal-error',
      message,
      nonRetryable: false,
      details: [
        {
          happened: `${this.context.info.activityType} failed in a way that was not foreseen: ${message}`,
          meaning: 'The step is not done; whether it took effect is not known.',
          next: 'Look at the activity in the Web UI, then retry.',
        },
      ],
    });
  }

  private redact(text: string): string {
    return this.secrets.reduce((redacted, secret) => redacted.replaceAll(secret, '[secret]'), text);
  }
}
