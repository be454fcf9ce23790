import type { OperationFailed, OperationRecovered } from '../contracts/alerts.ts';

const told = [
  'title',
  'failedAt',
  'happened',
  'meaning',
  'workflowId',
  'runId',
  'address',
  'failureSubject',
  'recoverySubject',
] as const;

/** Whether a signal tells of a failure; anybody may send one, and what is told must be whole. */
export function isFailure(given: unknown): given is OperationFailed {
  return (
    isRecord(given) &&
    told.every((name) => typeof given[name] === 'string') &&
    isMoment(given['failedAt']) &&
    isRecord(given['kind']) &&
    ['environment', 'operation'].every((name) => hasText(given['kind'], name)) &&
    (given['overdue'] === undefined || hasText(given['overdue'], 'command'))
  );
}

/** Whether a signal tells that an operation works again. */
export function isRecovery(given: unknown): given is OperationRecovered {
  return (
    isRecord(given) &&
    isMoment(given['at']) &&
    (given['incident'] === null ||
      (isRecord(given['incident']) &&
        isMoment(given['incident']['since']) &&
        hasText(given['incident'], 'lastFailure')))
  );
}

function isRecord(given: unknown): given is Record<string, unknown> {
  return typeof given === 'object' && given !== null;
}

function hasText(given: unknown, name: string): boolean {
  return isRecord(given) && typeof given[name] === 'string';
}

function isMoment(given: unknown): boolean {
  return (
    typeof given === 'string' &&
    /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(given) &&
    !Number.isNaN(Date.parse(given))
  );
}
