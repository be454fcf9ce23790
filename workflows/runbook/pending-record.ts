import type { Policy } from '../contracts/policy.ts';
import type { StepRecord } from '../contracts/status.ts';
import { expectedOf, type Step } from './runbook.ts';

/** The record of a step that was not begun. */
export function pendingRecord(step: Step, policy: Policy): StepRecord {
  const { id, kind, title, watchesMs } = step;
  return {
    id,
    kind,
    title,
    state: 'pending',
    summary: null,
    startedAt: null,
    finishedAt: null,
    waitedForPeopleMs: 0,
    expected: expectedOf(step, policy),
    ...(watchesMs === undefined ? {} : { watchesMs: watchesMs(policy) }),
    failure: null,
  };
}
