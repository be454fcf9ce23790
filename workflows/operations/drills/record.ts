import { type DrillAnswer, type DrillRecord, simulatedAnswerPrefix } from '../../contracts/drills.ts';
import type { Fingerprint } from '../../contracts/fingerprint.ts';
import type { OperationCheck } from '../../contracts/operations.ts';
import { type Course, now } from './course.ts';

/** What a drill is recorded as. */
export function recordOf(
  course: Course,
  criteria: readonly OperationCheck[],
  failure: string | null,
  fingerprint: Fingerprint | null,
): DrillRecord {
  const { input, policy, plan, ended, inspection } = course;
  const { environment, startedBy, surprise = false, unaided = false } = input;
  const succeeded = failure === null && criteria.every(({ passed }) => passed);
  const recovery = ended?.report ?? null;
  return {
    formatVersion: 1,
    ...{ environment, id: course.id, runId: course.runId, startedBy, startedAt: course.startedAt },
    finishedAt: now(),
    scenario: plan.fault.scenario,
    fault: { id: plan.fault.id, title: plan.fault.title },
    ...{ surprise, unaided, succeeded, failure, criteria },
    verdict: succeeded ? `verified (${policy.drill.label})` : 'not verified',
    brokenAt: course.broken?.brokenAt ?? null,
    recoveryStartedAt: course.recoveryStartedAt,
    approvals: answersOf(course),
    participants: participantsOf(course),
    steps: course.steps,
    data: inspection?.data ?? null,
    improvements: recovery?.improvements ?? [],
    ...{ recovery, fingerprint },
  };
}

function answersOf({ ended }: Course): readonly DrillAnswer[] {
  return (ended?.report?.status.decisions ?? []).map(({ id, step, kind, by, at, accepted, reason }) => ({
    ...{ step, kind, by, at, accepted, reason },
    simulated: id.startsWith(simulatedAnswerPrefix),
  }));
}

/** Who started it, answered or was named took part; in whose name the drill acted took a simulated part. */
function participantsOf(course: Course): DrillRecord['participants'] {
  const { input, plan } = course;
  const answers = answersOf(course);
  const inPerson = new Set([
    ...(input.participants ?? []),
    ...(input.startedBy === plan.onCall ? [plan.onCall] : []),
    ...answers.flatMap(({ by, simulated }) => (simulated ? [] : [by])),
  ]);
  const inName = [plan.onCall, ...answers.flatMap(({ by, simulated }) => (simulated ? [by] : []))];
  return [
    ...[...inPerson].map((name) => ({ name, took: 'part' as const })),
    ...[...new Set(inName)]
      .filter((name) => !inPerson.has(name))
      .map((name) => ({ name, took: 'a simulated part' as const })),
  ];
}
