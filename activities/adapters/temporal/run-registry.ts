import { WorkflowNotFoundError } from '@temporalio/client';
import type { SignalDefinition } from '@temporalio/common';
import { standBackSignal } from '../../../workflows/contracts/messages.ts';
import { recoveryWorkflowId, searchAttributes } from '../../../workflows/contracts/names.ts';
import { besideRecoveries, operationWorkflows } from '../../../workflows/contracts/operations.ts';
import { attestedSignal, type ReviewName, reviewNames } from '../../../workflows/contracts/reviews.ts';
import type { RunRegistry } from '../../ports.ts';
import type { TemporalAccess } from './access.ts';
import { requireEnvironmentName } from './environment-name.ts';
import { describeRun, goesOn, listRunning } from './find-runs.ts';
import { requestBeforeReset } from './requests-before-reset.ts';

const operationOfType = new Map<string, string>(
  Object.entries(operationWorkflows)
    // They do not stand back, so a recovery does not wait for them.
    .filter(([operation]) => !besideRecoveries.some((beside) => beside === operation))
    .map(([operation, type]) => [type, operation]),
);

/**
 * The {@link RunRegistry} in Temporal. `recoveryOf` is exact; `operationsOf` asks Temporal's index, which learns of a
 * start or an end a moment later.
 */
export function createRunRegistry(access: TemporalAccess): RunRegistry {
  return {
    async recoveryOf(environment) {
      requireEnvironmentName(environment);
      return access.reach('looking for a recovery', async (client) => {
        const run = await describeRun(client, recoveryWorkflowId(environment));
        if (run === null || !goesOn(run)) return null;
        const phase = run.typedSearchAttributes.get(searchAttributes.phase) ?? null;
        return { workflowId: run.workflowId, runId: run.runId, phase };
      });
    },

    async operationsOf(environment, exceptRunId) {
      requireEnvironmentName(environment);
      const types = [...operationOfType.keys()];
      return access.reach('listing operations', async (client) => {
        const found: { workflowId: string; runId: string; operation: string }[] = [];
        for await (const { workflowId, runId, type } of listRunning(client, environment, types)) {
          if (runId === exceptRunId) continue;
          found.push({ workflowId, runId, operation: operationOfType.get(type) ?? type });
        }
        return found;
      });
    },

    requestBeforeReset: (workflowId, runId) =>
      access.reach(
        'looking for a restore before a reset',
        async (client) => (await requestBeforeReset(client, workflowId, runId)) ?? null,
      ),

    async reviewsOf(environment) {
      requireEnvironmentName(environment);
      const types = reviewNames.map((name) => operationWorkflows[name]);
      return access.reach('listing reviews', async (client) => {
        const found: { workflowId: string; runId: string; review: ReviewName; startedAt: string }[] = [];
        for await (const { workflowId, runId, type, startTime } of listRunning(client, environment, types)) {
          const review = reviewNames.find((name) => operationWorkflows[name] === type);
          if (review === undefined) continue;
          found.push({ workflowId, runId, review, startedAt: startTime.toISOString() });
        }
        return found;
      });
    },

    tellAttested: (workflowId, runId) => signalIfRunning(access, workflowId, runId, attestedSignal),

    askToStandBack: (workflowId, runId) => signalIfRunning(access, workflowId, runId, standBackSignal),
  };
}

function signalIfRunning(
  access: TemporalAccess,
  workflowId: string,
  runId: string,
  signal: SignalDefinition,
): Promise<void> {
  return access.reach(`signalling ${signal.name} to ${workflowId}`, async ({ workflow }) => {
    try {
      await workflow.getHandle(workflowId, runId).signal(signal);
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    }
  });
}
