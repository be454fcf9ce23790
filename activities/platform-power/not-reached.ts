import { DrError } from '../errors.ts';

/** The failure of a project that did not come to where it was sent. */
export function notReached(wanted: 'paused' | 'up', rawStatus: string, deadlineMs: number): DrError {
  return new DrError('power-not-reached', {
    happened: `The project was asked to be ${wanted} and was not so after ${Math.round(deadlineMs / 1000)} s; its status is ${rawStatus}.`,
    meaning: 'Whether the database runs is not certain; nothing was sent twice.',
    next: 'Look at the project in the provider’s dashboard, and at its status page; then retry the step.',
  });
}
