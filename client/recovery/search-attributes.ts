import { isGrpcServiceError, ServiceError } from '@temporalio/client';
import { searchAttributes } from '../../workflows/contracts/names.ts';
import { CommandStopped } from '../command-stopped.ts';
import { exitCodes } from '../exit-codes.ts';

/** Says what to do when Temporal refuses a start because the search attributes are not registered. */
export function explainUnregistered(error: unknown): unknown {
  const cause = error instanceof ServiceError ? error.cause : error;
  if (!isGrpcServiceError(cause) || !/search attribute/i.test(cause.details)) return error;
  const names = Object.values(searchAttributes).flatMap(({ name }) => ['--name', name, '--type', 'Keyword']);
  return new CommandStopped(exitCodes.failed, {
    happened: `Temporal refused the start: ${cause.details}`,
    meaning: 'Nothing was started and nothing was changed.',
    next: `Register the search attributes once: temporal operator search-attribute create ${names.join(' ')}`,
  });
}
