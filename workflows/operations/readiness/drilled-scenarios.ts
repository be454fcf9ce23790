import type { RunnableScenario } from '../../contracts/names.ts';
import type { ReadinessAnswer } from '../../contracts/readiness.ts';
import type { DrillEvidence, ScenarioReadiness } from '../../contracts/scenario-readiness.ts';
import {
  attention,
  dr,
  type Examination,
  failed,
  judged,
  ok,
  type ReadinessQuestion,
} from './examination.ts';
import { allScenarios, scenarioReadiness } from './scenario-readiness.ts';

/** Of each scenario, whether its recovery was exercised lately on what is there now. */
export const drilledScenarios: readonly ReadinessQuestion[] = allScenarios().map((scenario) => ({
  group: 'beyond',
  item: `Verified by a drill: ${scenario}`,
  judge: (examination) => judgeScenario(examination, scenario),
}));

/** How each scenario stands; null where the records of drills could not be read. */
export function scenariosOf(examination: Examination): readonly ScenarioReadiness[] | null {
  const { drills } = examination.facts;
  return drills.known
    ? allScenarios().map((scenario) => readinessOf(examination, scenario, drills.value))
    : null;
}

function readinessOf(
  { facts, environment, policy, nowMs }: Examination,
  scenario: RunnableScenario,
  drills: readonly DrillEvidence[],
): ScenarioReadiness {
  const fingerprint = facts.fingerprint.known ? facts.fingerprint.value : null;
  return scenarioReadiness(scenario, { environment, drills, fingerprint, nowMs }, policy);
}

function judgeScenario(examination: Examination, scenario: RunnableScenario): ReadinessAnswer {
  const { drills, fingerprint } = examination.facts;
  return judged(drills, (held) => {
    const readiness = readinessOf(examination, scenario, held);
    if (readiness.state !== 'unknown' || fingerprint.known) {
      return answerOf(readiness, dr(examination, `drill ${scenario}`));
    }
    return { state: 'unknown', found: `${readiness.found}: ${fingerprint.why}`, todo: [fingerprint.next] };
  });
}

/** One that was never drilled, or must be drilled again, is a plan that nobody tried: not broken, and not proved. */
function answerOf({ state, found }: ScenarioReadiness, command: string): ReadinessAnswer {
  switch (state) {
    case 'verified':
      return ok(found);
    case 'drill-failed':
      return failed(found, command);
    default:
      return attention(found, command);
  }
}
