import { type ErrorType, errorTypes, type FailureExplanation } from '../workflows/contracts/errors.ts';

/**
 * A failure with a type of the project's own list and three sentences for a person. Adapters and activities throw
 * nothing else on purpose; the worker turns it into an `ApplicationFailure` of the same type.
 *
 * @param type which failure, see `errorTypes`
 * @param explanation what happened, what it means for the recovery, what to do next; never a secret
 * @param options.cause the error underneath; its message does not leave the process
 * @param options.retryAfterMs when the other side said how long to wait before the next try, in ms
 */
export class DrError extends Error {
  override readonly name = 'DrError';
  readonly type: ErrorType;
  readonly explanation: FailureExplanation;
  readonly retryAfterMs: number | undefined;

  constructor(
    type: ErrorType,
    explanation: FailureExplanation,
    options: { cause?: unknown; retryAfterMs?: number } = {},
  ) {
    super(`${explanation.happened} ${explanation.meaning} ${explanation.next}`, { cause: options.cause });
    this.type = type;
    this.explanation = explanation;
    this.retryAfterMs = options.retryAfterMs;
  }

  /** Whether Temporal tries again by itself. */
  get retried(): boolean {
    return errorTypes[this.type].retried;
  }
}
