import { getExternalWorkflowHandle } from '@temporalio/workflow';
import { monitorStarts, type RecoveryInput } from '../../contracts/inputs.ts';
import { withdrawSignal } from '../../contracts/messages.ts';
import type { OpenIncident } from '../../contracts/monitor.ts';
import { type RunnableScenario, recoveryWorkflowId } from '../../contracts/names.ts';
import { utc } from '../../runbook/format.ts';
import { startRecoveryRun } from '../start-recovery.ts';
import { probed } from './evidence.ts';

/** Starts the recovery that an incident asks for. One that runs already is joined: there is one at a time. */
export async function startRecovery(open: OpenIncident, scenario: RunnableScenario): Promise<void> {
  const input = recoveryInput(open);
  await startRecoveryRun(scenario, input, `${scenario} in ${input.environment}, by the monitor`);
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
