import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { getExternalWorkflowHandle, ParentClosePolicy, startChild } from '@temporalio/workflow';
import { monitorStarts, type RecoveryInput } from '../../contracts/inputs.ts';
import { withdrawSignal } from '../../contracts/messages.ts';
import type { OpenIncident } from '../../contracts/monitor.ts';
import {
  type RunnableScenario,
  recoveryWorkflowId,
  scenarioWorkflows,
  searchAttributes,
} from '../../contracts/names.ts';
import type { RecoveryReport } from '../../contracts/report.ts';
import { utc } from '../../runbook/format.ts';
import { probed } from './evidence.ts';

/** Starts the recovery that an incident asks for. One that runs already is joined: there is one at a time. */
export async function startRecovery(open: OpenIncident, scenario: RunnableScenario): Promise<void> {
  const input = recoveryInput(open);
  const { environment, reason } = input;
  try {
    await startChild<(input: RecoveryInput) => Promise<RecoveryReport>>(scenarioWorkflows[scenario], {
      workflowId: recoveryWorkflowId(environment),
      args: [input],
      parentClosePolicy: ParentClosePolicy.ABANDON,
      typedSearchAttributes: [
        { key: searchAttributes.environment, value: environment },
        { key: searchAttributes.scenario, value: scenario },
        { key: searchAttributes.phase, value: 'checking' },
      ],
      memo: { startedBy: monitorStarts, reason },
      staticSummary: `${scenario} in ${environment}, by the monitor`,
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}

/** Takes back what was proposed; one that has begun, or is over, takes no notice. */
export async function withdrawRecovery(environment: string, reason: string): Promise<void> {
  await getExternalWorkflowHandle(recoveryWorkflowId(environment))
    .signal(withdrawSignal, { reason })
    .catch(() => undefined);
}

function recoveryInput({ incident, reports }: OpenIncident): RecoveryInput {
  const { environment, id, because, evidence, incidentAt, target, scenario } = incident;
  const ofScenario = evidence.filter((each) => each.scenario === scenario);
  return {
    environment,
    startedBy: monitorStarts,
    reason: because,
    incidentAt,
    target,
    proposal: {
      incidentId: id,
      because,
      evidence: evidence.map(({ found, since, expected }) => `${found} (since ${utc(since)}; ${expected})`),
      seen: probed(ofScenario).length > 0 || reports.length === 0,
    },
  };
}
