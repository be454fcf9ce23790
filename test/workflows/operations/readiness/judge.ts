import { policy } from '../../../../worker/policy.ts';
import type { Policy } from '../../../../workflows/contracts/policy.ts';
import type { Examination } from '../../../../workflows/operations/readiness/examination.ts';
import { readinessQuestions } from '../../../../workflows/operations/readiness/examine.ts';
import type { Fact, Facts } from '../../../../workflows/operations/readiness/facts.ts';

const silent = { known: false, why: 'no answer', next: 'look at it' } as const;

/** What a system answered. */
export const is = <T>(value: T): Fact<T> => ({ known: true, value });

const nothingAnswers: Facts = {
  provider: silent,
  project: silent,
  providerClock: silent,
  database: silent,
  dumpVersion: silent,
  health: silent,
  deployments: silent,
  stores: silent,
  newestBackups: silent,
  mailServer: silent,
  hasWebhook: silent,
  orchestrator: silent,
  schedules: silent,
  attestations: silent,
  incidents: silent,
  backups: silent,
  validations: silent,
  restoreTests: silent,
  drills: silent,
  fingerprint: silent,
  monitor: silent,
  schedulesChecks: silent,
  overdueChecks: silent,
  securityAudits: silent,
  planReviews: silent,
};

/**
 * Judges one item of the production checklist, at noon (UTC) of 2025-11-29.
 *
 * @param facts what was found; everything else is silent
 * @param changed what differs from the policy of VendHub
 */
export function judge(name: string, facts: Partial<Facts>, changed: Partial<Policy> = {}) {
  const examination: Examination = {
    environment: 'production',
    policy: { ...policy, ...changed },
    facts: { ...nothingAnswers, ...facts },
    nowMs: Date.parse('2025-11-29T12:00:00Z'),
    testAlert: null,
  };
  const question = readinessQuestions.find(({ item }) => item === name);
  if (question === undefined) throw new Error(`There is no item ${name}.`);
  return question.judge(examination);
}
