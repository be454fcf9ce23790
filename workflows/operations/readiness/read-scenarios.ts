import type { Policy } from '../../contracts/policy.ts';
import type { DrillEvidence, ScenarioReadiness } from '../../contracts/scenario-readiness.ts';
import { activities } from '../../runbook/activities.ts';
import { known } from './facts.ts';
import { allScenarios, scenarioReadiness } from './scenario-readiness.ts';

/**
 * Reads what drills verified and how things stand now, and judges every scenario.
 *
 * @throws `store-unavailable` or `store-refused`; that nothing tells how things stand now is an answer
 */
export async function readScenarios(
  environment: string,
  policy: Policy,
): Promise<{ readonly scenarios: readonly ScenarioReadiness[]; readonly drills: readonly DrillEvidence[] }> {
  const { verification } = policy;
  const [drills, now] = await Promise.all([
    activities.probes.listDrillEvidence({ environments: [environment, ...verification.drillsOf] }),
    known(activities.probes.takeFingerprint()),
  ]);
  const evidence = { environment, drills, fingerprint: now.known ? now.value : null, nowMs: Date.now() };
  return {
    scenarios: allScenarios().map((scenario) => scenarioReadiness(scenario, evidence, policy)),
    drills,
  };
}
