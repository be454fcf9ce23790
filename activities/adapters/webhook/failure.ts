import { DrError } from '../../errors.ts';

/** Longest wait that a server may ask for, in ms: an alert that comes later is none. */
const longestRetryAfterMs = 10 * 60 * 1000;

/**
 * The webhook did not take the alert this time.
 *
 * @param answer a status or an error's code, without the URL
 * @param retryAfter the `Retry-After` header; only its form in seconds is believed
 * @returns `webhook-unavailable` (retried)
 */
export function webhookUnavailable(answer: string, retryAfter?: string | string[]): DrError {
  const seconds = typeof retryAfter === 'string' && /^\d+$/.test(retryAfter) ? Number(retryAfter) : undefined;
  return new DrError(
    'webhook-unavailable',
    {
      happened: `The webhook did not take the alert (${answer}).`,
      meaning: 'It is tried again; the alert goes by mail as well.',
      next: 'If this goes on, check the chat service and the network from the worker.',
    },
    seconds === undefined ? {} : { retryAfterMs: Math.min(seconds * 1000, longestRetryAfterMs) },
  );
}

/**
 * The webhook refuses alerts for good, as one that was withdrawn does.
 *
 * @returns `configuration-invalid` (not retried)
 */
export function webhookRefused(answer: string): DrError {
  return new DrError('configuration-invalid', {
    happened: `The webhook refused the alert (${answer}).`,
    meaning: 'Trying again does not help; the alert goes by mail only.',
    next: 'Make a new incoming webhook in the chat service and put its URL into the configuration.',
  });
}
