import { isCancellation } from '@temporalio/workflow';
import type { OperationCheck } from '../../contracts/operations.ts';
import type { Policy } from '../../contracts/policy.ts';
import type { ReviewCheckName } from '../../contracts/reviews.ts';
import { explainFailure } from '../../runbook/failure.ts';
import { checkObjectives, checkProcedures, checkProductionChecklist, checkScenarios } from './plan-checks.ts';
import { checkRestoreTests, checkRetention } from './retention-checks.ts';
import {
  checkContacts,
  checkCredentials,
  checkPrograms,
  checkSecurityBaseline,
  checkSecurityProbes,
} from './security-checks.ts';

/** What the checks of a review are made of. */
export interface ReviewContext {
  readonly environment: string;
  readonly policy: Policy;
  /** The review's name for people. */
  readonly title: string;
  /** Names this run in mails. */
  readonly runId: string;
}

const looks = {
  'security-baseline': checkSecurityBaseline,
  'security-probes': checkSecurityProbes,
  credentials: checkCredentials,
  contacts: checkContacts,
  objectives: checkObjectives,
  'scenarios-verified': checkScenarios,
  procedures: checkProcedures,
  programs: checkPrograms,
  retention: checkRetention,
  'restore-tests': checkRestoreTests,
  'production-checklist': checkProductionChecklist,
} as const satisfies Record<ReviewCheckName, (context: ReviewContext) => Promise<readonly OperationCheck[]>>;

/** What one look gave. */
export interface ReviewLook {
  readonly name: ReviewCheckName;
  readonly checks: readonly OperationCheck[];
}

/** Looks at these things one after the other; what cannot be looked at fails, and keeps nothing else from it. */
export async function lookAt(
  names: readonly ReviewCheckName[],
  context: ReviewContext,
): Promise<readonly ReviewLook[]> {
  const looked: ReviewLook[] = [];
  for (const name of names) looked.push({ name, checks: await look(name, context) });
  return looked;
}

/** Whether something in it fails. */
export function needsMending({ checks }: ReviewLook): boolean {
  return checks.some(({ passed, advisory }) => !passed && advisory !== true);
}

async function look(name: ReviewCheckName, context: ReviewContext): Promise<readonly OperationCheck[]> {
  try {
    return await looks[name](context);
  } catch (error) {
    if (isCancellation(error)) throw error;
    const { happened } = explainFailure(error);
    return [{ name, passed: false, found: happened, expected: 'it can be looked at' }];
  }
}
