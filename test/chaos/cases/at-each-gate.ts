import type { RunnableScenario } from '../../../workflows/contracts/names.ts';
import type { RecoveryOutcome } from '../../../workflows/contracts/status.ts';
import { runbooks } from '../../../workflows/scenarios/index.ts';
import { type ChaosCase, gateEnds } from '../case.ts';
import { unusual, usualAccident } from './at-each-step.ts';
import { policies } from './policies.ts';

/** The declared end of a run whose gate is not passed; a mail to users that is left out ends nothing. */
const ends: Readonly<Record<string, RecoveryOutcome>> = {
  'data-loss/restore-database': 'undone',
  'data-loss/tell-users': 'recovered',
  'database-corruption/restore-database': 'undone',
  'database-corruption/tell-users': 'recovered',
  // Nothing was rewound and nothing is undone: it stays isolated.
  'security-breach/restore-database': 'left-fenced',
  'security-breach/rotate-credentials': 'left-fenced',
  'security-breach/tell-users': 'recovered',
  // The restarts before the gate are not taken back.
  'application-crash/roll-back': 'left-changed',
  'complete-failure/rotate-standby-credentials': 'undone',
  'complete-failure/switch-over': 'undone',
};

/** Long enough for people to pass the gates before it. */
const laterGateMs = 20_000;
const firstGateMs = 3_000;

/** Every way in which each gate of a scenario can end without an approval. */
export function atEachGate(scenario: RunnableScenario): readonly ChaosCase[] {
  const gates = runbooks[scenario].steps.filter(({ kind }) => kind === 'destructive');
  const usual = gates.flatMap(({ id }, position) =>
    gateEnds.map((gateEnd): ChaosCase => {
      const outcome = ends[`${scenario}/${id}`];
      if (outcome === undefined)
        throw new Error(`How ${scenario} ends at the gate of ${id} is not declared.`);
      const { accident = usualAccident[scenario], policy = policies[scenario] } =
        unusual[`${scenario}/${id}`] ?? {};
      const expireMs = position === 0 ? firstGateMs : laterGateMs;
      return {
        scenario,
        step: id,
        accident,
        policy: gateEnd === 'expire' ? { ...policy, approval: { expireMs } } : policy,
        gateEnd,
        outcome,
        name: `${gateEnd} at the gate of ${id}`,
        strikes: [],
      };
    }),
  );
  return scenario === 'complete-failure'
    ? [
        ...usual,
        ...usual.filter(({ accident }) => accident === 'providers-gone').map(whileOldProductionAnswers),
      ]
    : usual;
}

/** There is more to undo then. */
function whileOldProductionAnswers(chaosCase: ChaosCase): ChaosCase {
  const name = `${chaosCase.name}, while the old production answers`;
  return { ...chaosCase, accident: 'users-cut-off', name };
}
