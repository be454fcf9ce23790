import { DrError } from '../../errors.ts';

/**
 * Refuses an environment's name that could not be part of a workflow id and of a query.
 *
 * @throws DrError `input-invalid`
 */
export function requireEnvironmentName(environment: string): void {
  if (/^[a-z0-9][a-z0-9_-]{0,62}$/i.test(environment)) return;
  throw new DrError('input-invalid', {
    happened: 'The environment’s name holds more than letters, digits, "-" and "_".',
    meaning: 'Temporal was not asked and nothing was changed.',
    next: 'Correct the name and retry.',
  });
}
