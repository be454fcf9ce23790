import {
  type OperationKind,
  type OperationName,
  operationWorkflows,
} from '../../workflows/contracts/operations.ts';
import { DrError } from '../errors.ts';

/** Names an operation of an environment. */
export interface OperationPlace {
  readonly environment: string;
  readonly operation: OperationName;
}

/**
 * The part of an object's key that names environment and operation.
 *
 * @throws DrError `input-invalid` for a name that could leave its folder
 */
export function placeKey({ environment, operation }: OperationPlace): string {
  requireEnvironment(environment);
  if (!Object.hasOwn(operationWorkflows, operation)) throw inputInvalid('There is no such operation.');
  return `${environment}/${operation}`;
}

/** The same, with the tier where there is one. Throws as {@link placeKey} does. */
export function kindKey({ tier, ...place }: OperationKind): string {
  if (tier !== null && !['daily', 'recent', 'sql'].includes(tier))
    throw inputInvalid('There is no such tier.');
  return tier === null ? placeKey(place) : `${placeKey(place)}.${tier}`;
}

/** @throws DrError `input-invalid` for an environment's name that could leave its folder */
export function requireEnvironment(environment: string): void {
  if (/^[a-z0-9][a-z0-9_-]{0,62}$/i.test(environment)) return;
  throw inputInvalid('The environment’s name holds more than letters, digits, "-" and "_".');
}

function inputInvalid(happened: string): DrError {
  return new DrError('input-invalid', {
    happened,
    meaning: 'Nothing was read from the object store and nothing was written.',
    next: 'Correct the input and retry.',
  });
}
