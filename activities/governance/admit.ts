import { monitorStarts } from '../../workflows/contracts/inputs.ts';
import type { Policy } from '../../workflows/contracts/policy.ts';
import { DrError } from '../errors.ts';
import type { GovernanceDependencies } from './index.ts';
import { withMeasuredDurations } from './measured-durations.ts';

/** Who wants to run something, and on what. */
export interface AdmissionRequest {
  readonly environment: string;
  /** A name of the policy; null for operations, which a schedule may start. */
  readonly startedBy: string | null;
  /** Whether it comes with a proposal of the monitor, which is no person. */
  readonly proposed?: boolean;
}

/**
 * Lets a run in, or refuses it before it did anything: this worker reaches one environment only, whatever label a run
 * carries, and a recovery is started by somebody whom the policy knows, or the rule of the second person means nothing.
 *
 * @returns the policy as this worker has it, for a recovery with durations that were measured here; recorded once at the
 *   start of a run
 * @throws DrError `input-invalid` (not retried)
 */
export async function admit(
  { policy, environment, measuredDurations }: GovernanceDependencies,
  request: AdmissionRequest,
): Promise<Policy> {
  if (request.environment !== environment) {
    throw new DrError('input-invalid', {
      happened: `This worker reaches the environment "${environment}"; the run was started for "${request.environment}".`,
      meaning: 'Nothing was changed: it would have acted on another production than the one it names.',
      next: `Start it again with --environment ${environment}, or start a worker for ${request.environment}.`,
    });
  }
  const { startedBy } = request;
  const byMonitor = request.proposed === true && startedBy === monitorStarts;
  if (startedBy !== null && !byMonitor && !policy.people.some(({ name }) => name === startedBy)) {
    throw new DrError('input-invalid', {
      happened: `${startedBy} is not in the policy; it knows ${policy.people.map(({ name }) => name).join(', ')}.`,
      meaning: 'Nothing was changed. A second person can only be told from the first when both are known.',
      next: 'Start it again with --as NAME, or set DR_USER.',
    });
  }
  return startedBy === null ? policy : withMeasuredDurations(policy, environment, measuredDurations);
}
