import { isGrpcServiceError, ServiceError } from '@temporalio/client';
import { NamespaceNotFoundError } from '@temporalio/common';
import { DrError } from '../../errors.ts';

/** gRPC status codes that no second try mends: INVALID_ARGUMENT, NOT_FOUND, PERMISSION_DENIED, UNAUTHENTICATED. */
const lastingCodes: readonly number[] = [3, 5, 7, 16];

/**
 * Turns what the Temporal client threw into the project's error; a {@link DrError} stays what it is.
 *
 * @param doing what was being done, for a person
 * @param place namespace and address, for a person
 * @returns `configuration-invalid` (not retried) where Temporal refused for good, such as for a namespace or a search
 *   attribute that it does not know; else `orchestrator-unavailable` (retried)
 */
export function orchestratorFailure(error: unknown, doing: string, place: string): DrError {
  if (error instanceof DrError) return error;
  const cause = error instanceof ServiceError ? error.cause : error;
  if (error instanceof NamespaceNotFoundError) return refused(doing, place, 'there is no such namespace');
  if (error instanceof TypeError) return refused(doing, place, error.message);
  if (isGrpcServiceError(cause) && lastingCodes.includes(cause.code)) {
    return refused(doing, place, cause.details);
  }
  const answer = isGrpcServiceError(cause) ? `gRPC code ${cause.code}` : 'no answer';
  return new DrError(
    'orchestrator-unavailable',
    {
      happened: `Temporal did not answer properly while ${doing} in ${place} (${answer}).`,
      meaning: 'It is tried again; what was asked may or may not have taken effect.',
      next: 'If this goes on, check that the Temporal server runs and can be reached from the worker.',
    },
    { cause: error },
  );
}

function refused(doing: string, place: string, reason: string): DrError {
  return new DrError('configuration-invalid', {
    happened: `Temporal refused ${doing} in ${place}: ${reason}.`,
    meaning: 'Trying again does not help; nothing more was changed.',
    next: 'Correct the TEMPORAL_… settings of the worker, or what Temporal names, and try again.',
  });
}
