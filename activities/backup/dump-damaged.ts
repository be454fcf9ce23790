import { DrError } from '../errors.ts';

/** Makes the error for a SQL dump that is not what `pg_dump` wrote: `verification-failed` (not retried). */
export function dumpDamaged(what: string): DrError {
  return new DrError('verification-failed', {
    happened: `The SQL dump ${what}.`,
    meaning: 'It is not, or not all of, what was dumped, and must not be restored from.',
    next: 'Use another copy, or dump again.',
  });
}
