import { DrError } from '../errors.ts';

const uncertain: ReadonlySet<string> = new Set([
  'provider-timeout',
  'provider-unavailable',
  'provider-answer-unknown',
]);

/** Whether a change that failed like this may have been taken all the same. */
export function mayHaveTakenEffect(error: unknown): boolean {
  return error instanceof DrError && uncertain.has(error.type);
}
