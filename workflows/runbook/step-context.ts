import { workflowInfo } from '@temporalio/workflow';
import type { RecoveryInput, RepairInput } from '../contracts/inputs.ts';
import type { TargetRequest } from '../contracts/recovery-point.ts';
import type { DecisionDesk } from './decision-desk.ts';
import { runbookFailure } from './failure.ts';
import type { FactsPatch, StepContext } from './runbook.ts';
import type { RunState } from './state.ts';
import { knowsOfStolen } from './stolen-credentials.ts';

/**
 * What the steps of a run see of it, always as it is now.
 *
 * @param target where the current plan revision goes
 */
export function stepContext(
  { state, desk }: { readonly state: RunState; readonly desk: DecisionDesk },
  input: RecoveryInput | RepairInput,
  target: TargetRequest | null,
): StepContext {
  const { identity } = state;
  return {
    target,
    deploymentId: ('deploymentId' in input && input.deploymentId) || null,
    backup: ('backup' in input && input.backup) || null,
    credentialsStolen: !('ofRunId' in input) && knowsOfStolen(input),
    inputOnly: false,
    policy: identity.policy,
    scenario: identity.runbook.scenario,
    environment: input.environment,
    incidentAt: identity.incidentAt,
    revision: state.revision,
    keyPrefix: `recoveries/${input.environment}/${state.startedAt.replaceAll(':', '-')}-${workflowInfo().runId.slice(0, 8)}`,
    get facts() {
      return state.facts;
    },
    get destroyed() {
      return state.destroyed;
    },
    get measures() {
      return state.measures;
    },
    get stopRequested() {
      return desk.stopRequest !== null;
    },
    earlierFacts: state.earlierFacts,
    fact(name) {
      const value = state.facts[name];
      if (value === undefined) {
        throw runbookFailure('internal-error', {
          happened: `A step needs "${name}", which no step before it has found.`,
          meaning: 'The step cannot be done: what it needs was skipped or not found.',
          next: 'Replan, so that it is found again, or abort.',
        });
      }
      return value;
    },
    note: (patch: FactsPatch) => {
      state.facts = { ...state.facts, ...patch };
    },
    setDestroyed: (destroyed) => {
      state.destroyed = destroyed;
      state.publish();
    },
    askWhetherRestoreWasAccepted: (step, evidence) => askWhetherAccepted(step, evidence, desk),
  };
}

async function askWhetherAccepted(
  step: { readonly id: string; readonly title: string },
  evidence: string,
  desk: DecisionDesk,
): Promise<'accepted' | 'not-accepted'> {
  const answer = await desk.ask(
    {
      kind: 'restore-unproved',
      step: step.id,
      stepTitle: step.title,
      question:
        'Was the restore request accepted? No evidence proves either, and a second request must not be sent.',
      facts: [
        { label: 'Evidence', value: evidence },
        { label: 'Where to look', value: "the provider's dashboard and its support" },
      ],
      answers: [
        { kind: 'confirm', leadsTo: 'you saw that it was accepted: goes on waiting for the restore' },
        {
          kind: 'reject',
          leadsTo: 'you saw that it was not accepted: nothing was changed, a new approval is asked for',
        },
      ],
      digest: null,
    },
    false,
  );
  return answer.kind === 'answered' && answer.record.kind === 'reject' ? 'not-accepted' : 'accepted';
}
