import { CancellationScope, isCancellation } from '@temporalio/workflow';
import type { DrillInput } from '../../contracts/drills.ts';
import type { Policy } from '../../contracts/policy.ts';
import { activities } from '../../runbook/activities.ts';
import { explainFailure } from '../../runbook/failure.ts';
import type { OperationResult } from '../operation.ts';
import { cleanUp, cleanUpAfterEarlier } from './clean-up.ts';
import { begin, type Course, take } from './course.ts';
import { judgeCriteria } from './criteria.ts';
import { document, review } from './evidence.ts';
import { announce, breakIt, recover, verify } from './take-steps.ts';

/**
 * Holds a drill from its announcement to its review, and takes away what it left, also where it fails or is cancelled.
 *
 * @returns the success criteria as checks
 * @throws what kept it from being held, after it was cleaned up and recorded; `input-invalid` before anything was done
 */
export async function holdDrill(input: DrillInput, policy: Policy): Promise<OperationResult> {
  const { environment } = input;
  const plan = await activities.drills.planDrill(input);
  const waitedFor = [...(await activities.drillWaits.awaitDrillTurn({ environment, drillsOnly: true }))];
  const earlier = await CancellationScope.nonCancellable(() => cleanUpAfterEarlier(environment));
  waitedFor.push(...(await activities.drillWaits.awaitDrillTurn({ environment, drillsOnly: false })));

  const course = begin(input, policy, plan);
  let failure: unknown = null;
  try {
    await take(course, 'announce', announce);
    await take(course, 'break', breakIt);
    await take(course, 'recover', recover);
    await take(course, 'verify', verify);
  } catch (error) {
    failure = error;
  }
  return CancellationScope.nonCancellable(async () => {
    await cleanUp(course).catch((error: unknown) => {
      course.left = explainFailure(error).happened;
    });
    const why = reasonOf(failure);
    const checks = judgeCriteria({ ...course, brokenAt: course.broken?.brokenAt ?? null });
    await take(course, 'document', (taken) => document(taken, checks, why));
    await take(course, 'review', (taken) => review(taken, checks, why));
    if (failure !== null) throw failure;
    return { summary: summaryOf(course), checks, details: detailsOf(course, { waitedFor, earlier }) };
  });
}

function reasonOf(failure: unknown): string | null {
  if (failure === null) return null;
  return isCancellation(failure) ? 'it was cancelled' : explainFailure(failure).happened;
}

function summaryOf({ plan, ended, input }: Course): string {
  const { scenario, title } = plan.fault;
  const how = input.simulateApprovals === true ? ', answers simulated' : '';
  return `${scenario}: ${title}${how}; ${ended?.report?.headline ?? 'the recovery was terminated'}`;
}

function detailsOf(
  course: Course,
  found: { readonly waitedFor: readonly string[]; readonly earlier: readonly string[] },
): readonly string[] {
  return [
    ...(found.waitedFor.length === 0 ? [] : [`waited for ${[...new Set(found.waitedFor)].join(', ')}`]),
    ...found.earlier,
    ...course.steps.map(({ step, summary }) => `${step}: ${summary}`),
  ];
}
