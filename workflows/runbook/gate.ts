import type { DecisionRecord } from '../contracts/decisions.ts';
import type { DestructivePlan } from '../contracts/evidence.ts';
import { activities } from './activities.ts';
import type { Answered } from './decision-desk.ts';
import type { DestructiveStep } from './runbook.ts';
import { now } from './state.ts';
import { goOn, replanAnswer, type StepOutcome, stopped } from './step-outcome.ts';
import type { StepTools } from './step-runner.ts';

/**
 * Asks for the approval of exactly this plan. `approved` only when the approval was given to this very run and the
 * plan still holds just before the step; a plan that no longer holds begins a new revision, which asks again.
 */
export async function passGate(step: DestructiveStep, tools: StepTools): Promise<StepOutcome | 'approved'> {
  const { state, desk, context, cancellable } = tools;
  context.note((await cancellable(async () => step.gate.prepare?.(context))) ?? {});
  const plan: DestructivePlan = {
    revision: state.revision,
    environment: state.identity.environment,
    scenario: state.identity.runbook.scenario,
    step: step.id,
    ...step.gate.plan(context),
  };
  const digest = await activities.governance.digestPlan(plan);
  state.plan = { plan, digest };
  for (;;) {
    const answer = await desk.ask({
      kind: 'approval',
      step: step.id,
      stepTitle: step.title,
      question: step.gate.question(context),
      facts: step.gate.facts(context),
      answers: [
        { kind: 'approve', leadsTo: step.gate.approveLeadsTo },
        {
          kind: 'reject',
          leadsTo: step.optional ? 'the step is left out and the run goes on' : state.status().safeState,
        },
        ...(step.optional ? [] : replanAnswer(state)),
        { kind: 'abort', leadsTo: state.status().safeState },
      ],
      digest,
    });
    const outcome = decided(step, answer, tools);
    if (outcome !== 'recheck' || answer.kind !== 'answered') return outcome === 'recheck' ? goOn : outcome;
    const verdict = await stillHolds(step, answer.record, tools);
    const stop = stopped(desk);
    if (stop !== null) return stop;
    if (verdict.kind === 'holds') {
      context.note({ approvedInRun: answer.record.runId });
      return 'approved';
    }
    state.warn(`The approved plan does not hold any more: ${verdict.reasons.join(' ')}`);
    if (verdict.kind === 'plan-changed') {
      return state.writersResumed || context.target === null
        ? passGate(step, tools)
        : { kind: 'replan', target: context.target };
    }
  }
}

function decided(
  step: DestructiveStep,
  answer: Answered,
  { state, desk }: StepTools,
): StepOutcome | 'recheck' {
  if (answer.kind === 'stopped') return stopped(desk) ?? { kind: 'safe-state', because: 'stopped' };
  if (answer.kind === 'expired') return leftOut(step, state, 'Nobody answered before the gate expired');
  const { record } = answer;
  switch (record.kind) {
    case 'approve':
      return 'recheck';
    case 'replan':
      return record.target === null ? 'recheck' : { kind: 'replan', target: record.target };
    default:
      return leftOut(step, state, `rejected by ${record.by}: ${record.reason ?? ''}`);
  }
}

function leftOut(step: DestructiveStep, state: StepTools['state'], because: string): StepOutcome {
  state.updateStep(step.id, { state: 'rejected', finishedAt: now(), summary: because });
  return step.optional ? goOn : { kind: 'safe-state', because };
}

async function stillHolds(
  step: DestructiveStep,
  approval: DecisionRecord,
  { context }: StepTools,
): Promise<{ kind: 'holds' } | { kind: 'approval-void' | 'plan-changed'; reasons: readonly string[] }> {
  const plan = await step.recheck(context);
  if (!plan.holds) return { kind: 'plan-changed', reasons: plan.reasons };
  const earlier = step.optional ? null : await activities.past.restoreRequestedBeforeReset();
  if (earlier !== null) {
    context.setDestroyed(true);
    return {
      kind: 'approval-void',
      reasons: [
        `Before this run was reset, run ${earlier} had sent a restore request; a second one is not sent. Abort, look at the database, and start another recovery.`,
      ],
    };
  }
  const given = await activities.governance.approvalHolds({ approval });
  return given.holds ? { kind: 'holds' } : { kind: 'approval-void', reasons: given.reasons };
}
