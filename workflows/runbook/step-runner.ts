import { CancellationScope, isCancellation } from '@temporalio/workflow';
import type { DecisionDesk, Question } from './decision-desk.ts';
import { type ExplainedFailure, explainFailure, failureFacts } from './failure.ts';
import { passGate } from './gate.ts';
import type { Measures } from './measures.ts';
import type { FactsPatch, HandOver, ManualStep, Step, StepContext, WaysOn } from './runbook.ts';
import { now, type RunState } from './state.ts';
import { goOn, replanAnswer, type StepOutcome, stopped } from './step-outcome.ts';

/** What a step runner works with. */
export interface StepTools {
  readonly state: RunState;
  readonly desk: DecisionDesk;
  readonly measures: Measures;
  readonly context: StepContext;
  /** Runs work that an order to stop cancels. */
  readonly cancellable: <T>(work: () => Promise<T>) => Promise<T>;
}

/** Runs one step to its end: as often as people say `retry`, and never again once it is done. */
export async function runStep(step: Step, tools: StepTools): Promise<StepOutcome> {
  const { state, desk, context } = tools;
  if (step.when !== undefined && !step.when(context)) {
    state.updateStep(step.id, { state: 'not-needed' });
    return goOn;
  }
  state.enter(step.phase);
  for (;;) {
    state.updateStep(step.id, { state: 'running', startedAt: now(), finishedAt: null, failure: null });
    try {
      const outcome = await perform(step, tools);
      if (outcome?.kind === 'safe-state' && state.stepState(step.id) === 'running') endStopped(step, state);
      if (outcome !== null) return outcome;
      state.updateStep(step.id, {
        state: 'done',
        finishedAt: now(),
        summary: step.kind === 'manual' ? null : step.summary(context),
      });
      return stopped(desk) ?? handOver(step, context) ?? goOn;
    } catch (error) {
      const stop = stopped(desk);
      if (stop !== null) {
        endStopped(step, state);
        if (!isCancellation(error)) state.updateStep(step.id, { failure: explainFailure(error) });
        return stop;
      }
      const outcome = await decideFailure(step, error, tools);
      if (outcome !== 'retry') return outcome;
    }
  }
}

function handOver(step: Step, context: StepContext): StepOutcome | null {
  const found = step.kind === 'check' ? (step.handsOver?.(context) ?? null) : null;
  return found === null ? null : { kind: 'hand-over', ...found };
}

function endStopped(step: Step, state: RunState): void {
  state.updateStep(step.id, { state: 'failed', finishedAt: now(), summary: 'stopped' });
}

/** Does the step once. Null when it is done; an outcome when a person's answer leads elsewhere. */
async function perform(step: Step, tools: StepTools): Promise<StepOutcome | null> {
  const { state, measures, context, cancellable } = tools;
  switch (step.kind) {
    case 'check':
      context.note(await cancellable(() => step.run(context)));
      return null;
    case 'action':
      await cancellable(() => measures.register(step, context));
      if (step.resumesWriters === true) state.writersResumed = true;
      context.note(await cancellable(() => step.run(context)));
      measures.release(step.releases ?? []);
      return null;
    case 'destructive': {
      if (step.underWay?.(context) !== true) {
        const gate = await passGate(step, tools);
        if (gate !== 'approved') return gate;
      }
      state.enter(step.phase);
      state.updateStep(step.id, { state: 'running' });
      const patch: FactsPatch = await CancellationScope.nonCancellable(() => step.run(context));
      context.note(patch);
      measures.release(step.releases ?? []);
      return null;
    }
    case 'manual':
      return confirmManually(step, tools);
  }
}

async function confirmManually(step: ManualStep, tools: StepTools): Promise<StepOutcome> {
  const { state, desk, context } = tools;
  const answer = await desk.ask({
    kind: 'manual-step',
    step: step.id,
    stepTitle: step.title,
    question: step.title,
    facts: step.facts(context),
    answers: [
      { kind: 'confirm', leadsTo: 'goes on; say in the reason what you saw' },
      ...replanAnswer(state),
      ...skipAnswer(step.skippable),
      { kind: 'abort', leadsTo: state.status().safeState },
    ],
    digest: null,
  });
  if (answer.kind !== 'answered') return stopped(desk) ?? goOn;
  const { record } = answer;
  if (record.kind === 'replan' && record.target !== null) return { kind: 'replan', target: record.target };
  state.updateStep(step.id, {
    state: record.kind === 'confirm' ? 'done' : 'skipped',
    finishedAt: now(),
    summary: `${record.by}: ${record.reason ?? ''}`,
  });
  return goOn;
}

async function decideFailure(step: Step, error: unknown, tools: StepTools): Promise<StepOutcome | 'retry'> {
  const { state, desk } = tools;
  const failure = explainFailure(error);
  state.updateStep(step.id, { state: 'failed', finishedAt: now(), failure });
  const waysOn = await findWaysOn(step, failure, tools);
  const answer = await desk.ask(failureQuestion(step, failure, waysOn, state));
  if (answer.kind !== 'answered') return stopped(desk) ?? 'retry';
  const { record } = answer;
  switch (record.kind) {
    case 'replan':
      return record.target === null ? 'retry' : { kind: 'replan', target: record.target };
    case 'skip':
      state.updateStep(step.id, {
        state: step.kind === 'destructive' ? 'rejected' : 'skipped',
        summary: `${record.by}: ${record.reason ?? ''}`,
      });
      return goOn;
    case 'go-over':
      return waysOn.goesOver === null ? 'retry' : goOver(waysOn.goesOver, `${record.by}: ${record.reason}`);
    default:
      return 'retry';
  }
}

const noWayOn: WaysOn = { facts: [], goesOver: null };

/** A question without them is better than none. */
async function findWaysOn(
  step: Step,
  failure: ExplainedFailure,
  { context, cancellable }: StepTools,
): Promise<WaysOn> {
  const { waysOn } = step;
  if (waysOn === undefined) return noWayOn;
  try {
    return (await cancellable(() => waysOn(failure, context))) ?? noWayOn;
  } catch (error) {
    if (isCancellation(error)) return noWayOn;
    return { ...noWayOn, facts: [{ label: 'Other roads', value: explainFailure(error).happened }] };
  }
}

function goOver({ to, because, backup }: HandOver, decided: string): StepOutcome {
  return {
    kind: 'hand-over',
    to,
    because: `${because} ${decided}`,
    ...(backup === undefined ? {} : { backup }),
  };
}

function failureQuestion(step: Step, failure: ExplainedFailure, waysOn: WaysOn, state: RunState): Question {
  const skippable =
    step.kind === 'destructive' ? (step.optional ? 'the step is left out' : undefined) : step.skippable;
  return {
    kind: 'failed-step',
    step: step.id,
    stepTitle: step.title,
    question: `${step.title}: it failed. What now?`,
    facts: [...failureFacts(failure), ...waysOn.facts],
    answers: [
      { kind: 'retry', leadsTo: 'does the step again' },
      ...replanAnswer(state),
      ...skipAnswer(skippable),
      ...goOverAnswer(waysOn.goesOver),
      { kind: 'abort', leadsTo: state.status().safeState },
    ],
    digest: null,
  };
}

function goOverAnswer(goesOver: WaysOn['goesOver']): Question['answers'] {
  return goesOver === null ? [] : [{ kind: 'go-over', leadsTo: goesOver.leadsTo }];
}

function skipAnswer(consequence: string | undefined): Question['answers'] {
  return consequence === undefined ? [] : [{ kind: 'skip', leadsTo: consequence }];
}
