import type {
  OperationName,
  OperationRecord,
  ScheduleSpec,
  ScheduleState,
} from '../../contracts/operations.ts';
import type { ReadinessAnswer } from '../../contracts/readiness.ts';
import { utc } from '../../runbook/format.ts';
import { attested } from '../attested.ts';
import { byRuns } from '../checklist-answer.ts';
import { attestCommand } from '../checklist-items.ts';
import { dr, type Examination, failed, judged, ok } from './examination.ts';
import type { Fact } from './facts.ts';

/** Judges what only a person can know: the word of one that has not expired. */
export function byAttestation(
  examination: Examination,
  id: string,
  missing: typeof failed = failed,
): ReadinessAnswer {
  const { facts, policy, nowMs } = examination;
  return judged(facts.attestations, (attestations) => {
    const { state, found } = attested(policy, attestations, id, nowMs);
    const statement = policy.attestations.find((spec) => spec.id === id)?.statement;
    if (statement === undefined)
      return failed('the policy does not let it be attested', 'Add it to worker/attestations.ts.');
    return state === 'valid'
      ? ok(found)
      : missing(`${found}: ${statement}`, dr(examination, attestCommand(id)));
  });
}

/** Judges by the newest run of an operation. */
export function byLastRun(
  examination: Examination,
  run: {
    readonly operation: OperationName;
    readonly records: Fact<readonly OperationRecord[]>;
    /** How old it may be, ms. */
    readonly maxAgeMs: number;
    /** Words after `npx dr` that do it now. */
    readonly command: string;
  },
): ReadinessAnswer {
  return judged(run.records, (records) => {
    const { state, found, evidence } = byRuns(
      { operation: run.operation },
      { records: new Map([[run.operation, records]]), incidents: [] },
      run.maxAgeMs,
      examination.nowMs,
    );
    const when =
      evidence === null ? '' : `, ${utc(`${evidence.finishedAt.slice(0, 16)}Z`)} (${evidence.workflowId})`;
    if (state === 'done') return ok(`${found}${when}`);
    return failed(`${state === 'overdue' ? 'overdue: ' : ''}${found}${when}`, dr(examination, run.command));
  });
}

/** Judges whether schedules of the policy are in Temporal as it says, not paused, and when they run next. */
export function bySchedules(
  examination: Examination,
  wanted: (spec: ScheduleSpec) => boolean,
  absent: ReadinessAnswer,
): ReadinessAnswer {
  const specs = examination.policy.schedules.filter(wanted);
  if (specs.length === 0) return absent;
  return judged(examination.facts.schedules, (states) => {
    const looked = specs.map((spec) => ({ spec, state: states.find(({ id }) => id === spec.id) }));
    const problems = looked.flatMap(({ spec, state }) => {
      const problem = problemOf(state);
      return problem === null ? [] : [`${spec.id} ${problem}`];
    });
    return problems.length > 0
      ? failed(problems.join('; '), dr(examination, 'schedules apply'))
      : ok(looked.map(({ spec, state }) => `${spec.id} runs next ${nextOf(state)}`).join('; '));
  });
}

function problemOf(state: ScheduleState | undefined): string | null {
  if (state === undefined) return 'is not in Temporal';
  if (state.paused) return 'is paused';
  if (!state.asPolicy) return 'differs from the policy';
  return state.nextAt.length === 0 ? 'will never run again' : null;
}

function nextOf(state: ScheduleState | undefined): string {
  const next = state?.nextAt[0];
  return next === undefined ? 'unknown' : utc(`${next.slice(0, 16)}Z`);
}

/** The worst of several answers decides; nothing that is not well is left out. */
export function allOf(...answers: readonly ReadinessAnswer[]): ReadinessAnswer {
  const state =
    (['failed', 'unknown', 'attention'] as const).find((worst) =>
      answers.some((answer) => answer.state === worst),
    ) ?? 'ok';
  const bad = answers.filter((answer) => answer.state === 'failed' || answer.state === 'unknown');
  return {
    state,
    found: [...new Set((bad.length > 0 ? bad : answers).map(({ found }) => found))].join('; '),
    todo: [...new Set(answers.flatMap(({ todo }) => todo))],
  };
}
