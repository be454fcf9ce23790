import { scenarioTargets } from '../contracts/names.ts';
import type { Scenario } from '../contracts/policy.ts';
import type { TargetRequest } from '../contracts/recovery-point.ts';
import type { DecisionDesk, Question } from './decision-desk.ts';
import type { HandOver } from './runbook.ts';
import type { RunState } from './state.ts';

/** Where a run goes after a step. */
export type StepOutcome =
  | { readonly kind: 'go-on' }
  | { readonly kind: 'replan'; readonly target: TargetRequest }
  | { readonly kind: 'safe-state'; readonly because: string }
  | ({ readonly kind: 'hand-over' } & HandOver);

/** To the next step. */
export const goOn: StepOutcome = { kind: 'go-on' };

/** To the safe state, if the run was told to stop; else null. */
export function stopped({ stopRequest }: DecisionDesk): StepOutcome | null {
  return stopRequest === null
    ? null
    : { kind: 'safe-state', because: `${stopRequest.by}: ${stopRequest.reason}` };
}

/** Another target, as long as nobody writes to what was restored; none where the runbook goes to no moment at all. */
export function replanAnswer(state: RunState): Question['answers'] {
  const targets: Partial<Record<Scenario, string>> = scenarioTargets;
  return state.writersResumed || targets[state.identity.runbook.scenario] === 'none'
    ? []
    : [{ kind: 'replan', leadsTo: 'begins again with another target: new facts, new plan, new approval' }];
}
