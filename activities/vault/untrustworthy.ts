import { DrError } from '../errors.ts';

/**
 * Makes the error for something stored that is not what was stored.
 *
 * @param what its name for a person, such as `The backup "daily/…"`
 * @param found what is wrong with it; no value of any row
 * @returns `verification-failed` (not retried)
 */
export function untrustworthy(what: string, found: string): DrError {
  return new DrError('verification-failed', {
    happened: `${what} ${found}.`,
    meaning: 'Nothing of it was used, and it must not be restored from.',
    next: 'Use another backup or the copy at another location; check the passphrase; ask who wrote to the store.',
  });
}
