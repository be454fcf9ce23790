import { WorkflowExecutionAlreadyStartedError, type WorkflowHandle } from '@temporalio/client';
import { searchAttributes, taskQueue } from '../../workflows/contracts/names.ts';
import type { TemporalAccess } from '../connection.ts';
import { explainUnregistered } from '../recovery/search-attributes.ts';

/** A workflow to run, and how it is found again. */
export interface WorkflowRequest<Input> {
  readonly type: string;
  /** What it does, in one word: beginning of its id, and search attribute. */
  readonly name: string;
  readonly input: Input;
  readonly environment: string;
  readonly startedBy: string;
  /** Of a run whose id and words are its own; else they are made of name and environment. */
  readonly as?: {
    readonly workflowId: (at: Date) => string;
    readonly summary: string;
    readonly reason: string;
  };
  /** Whether it changes nothing, so that it is ended when nobody waits for it any longer. */
  readonly readsOnly: boolean;
}

/** A run whose result is waited for. */
export type ResultHandle<Result> = WorkflowHandle<() => Promise<Result>>;

/**
 * Starts a workflow, by default under the id `<name>-<environment>-<moment>`.
 *
 * @throws CommandStopped with exit code 1 where the search attributes are not registered
 */
export async function startWorkflow<Input, Result>(
  access: TemporalAccess,
  request: WorkflowRequest<Input>,
  now: Date,
): Promise<ResultHandle<Result>> {
  const { type, name, input, environment, startedBy, as } = request;
  const workflowId = as?.workflowId(now) ?? `${name}-${environment}-${now.toISOString()}`;
  try {
    await access.client.workflow.start<(input: Input) => Promise<Result>>(type, {
      workflowId,
      taskQueue,
      workflowIdConflictPolicy: 'FAIL',
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      args: [input],
      typedSearchAttributes: [
        { key: searchAttributes.environment, value: environment },
        { key: searchAttributes.scenario, value: name },
      ],
      memo: { startedBy, ...(as === undefined ? {} : { reason: as.reason }) },
      staticSummary: as?.summary ?? `${name} in ${environment}, by hand`,
    });
    return access.client.workflow.getHandle<() => Promise<Result>>(workflowId);
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw explainUnregistered(error);
    return startWorkflow(access, request, new Date(now.getTime() + 1));
  }
}
