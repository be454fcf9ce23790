import type { RunnableScenario } from '../../../workflows/contracts/names.ts';
import { runbooks } from '../../../workflows/scenarios/index.ts';
import type { ChaosCase } from '../case.ts';
import type { AccidentName } from '../stage.ts';
import { freeze, kill } from './blows.ts';
import { policies, rollbackByApproval, stolenSecrets } from './policies.ts';

/** What usually happens in each scenario. */
export const usualAccident = {
  'data-loss': 'rows-deleted',
  'database-corruption': 'pages-damaged',
  'application-crash': 'crash-under-load',
  'security-breach': 'intrusion',
  'complete-failure': 'providers-gone',
} as const satisfies Record<RunnableScenario, AccidentName>;

const afterBreach = { accident: 'secrets-stolen', policy: stolenSecrets } as const;

/** Steps that a recovery from the usual accident does not come to. */
export const unusual: Readonly<Record<string, Partial<Pick<ChaosCase, 'accident' | 'policy'>>>> = {
  'application-crash/mend-database-login': { accident: 'login-refused' },
  'application-crash/go-back-by-git': { accident: 'nothing-to-roll-back-to' },
  'application-crash/roll-back': { policy: rollbackByApproval },
  'complete-failure/rotate-standby-credentials': afterBreach,
  'complete-failure/rotate-standby-by-hand': afterBreach,
  'complete-failure/prove-standby-credentials': afterBreach,
  'complete-failure/pause-deployments': { accident: 'users-cut-off' },
  'complete-failure/stop-application': { accident: 'users-cut-off' },
  'complete-failure/fence-database': { accident: 'users-cut-off' },
};

/** A kill and a freeze on entering each step of a scenario. */
export function atEachStep(scenario: RunnableScenario): readonly ChaosCase[] {
  return runbooks[scenario].steps.flatMap(({ id }) => {
    const base = {
      scenario,
      step: id,
      accident: usualAccident[scenario],
      policy: policies[scenario],
      gateEnd: null,
      outcome: 'recovered',
      ...unusual[`${scenario}/${id}`],
    } as const;
    return [
      {
        ...base,
        name: `killed on entering ${id}`,
        strikes: [{ when: (witness) => witness.entering(id), blow: kill }],
      },
      {
        ...base,
        name: `frozen on entering ${id}, and woken after another took over`,
        strikes: [{ when: (witness) => witness.entering(id), blow: freeze }],
      },
    ] satisfies ChaosCase[];
  });
}
