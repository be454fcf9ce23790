import type { RunnableScenario } from '../../../workflows/contracts/names.ts';
import type { ChaosCase, Strike } from '../case.ts';
import { usualAccident } from './at-each-step.ts';
import { freeze, kill } from './blows.ts';
import { policies } from './policies.ts';

type Faults = Required<ChaosCase>['faults'];

interface Moment {
  readonly scenario: RunnableScenario;
  readonly step: string;
  readonly while: string;
  readonly when: Strike['when'];
  readonly faults?: Faults;
}

const slowMs = 2_500;

/** A call that the provider holds back and then carries out, whoever still waits for the answer. */
function inFlight(
  place: Pick<Moment, 'scenario' | 'step'>,
  platform: 'supabase' | 'railway',
  operation: string,
): Moment {
  return {
    ...place,
    while: `while ${operation} is in flight, which then takes effect`,
    faults: (sandbox) => sandbox[platform].faults.set(operation, { kind: 'latency', ms: slowMs }, 1),
    when: (witness) => witness.call(platform, operation, 'arrived', () => true),
  };
}

/** The same, and it is lost. */
function lost(...place: Parameters<typeof inFlight>): Moment {
  const [, platform, operation] = place;
  const moment = inFlight(...place);
  return {
    ...moment,
    while: `while ${operation} is in flight, which is then lost`,
    faults: (sandbox) => {
      moment.faults?.(sandbox);
      sandbox[platform].faults.set(operation, { kind: 'drop-before' }, 1);
    },
  };
}

const rotation = { scenario: 'security-breach', step: 'rotate-credentials' } as const;
const rollback = { scenario: 'application-crash', step: 'roll-back-by-policy' } as const;
const variables = { scenario: 'application-crash', step: 'set-variables-again' } as const;

const moments: readonly Moment[] = [
  inFlight(rotation, 'supabase', 'set-password'),
  lost(rotation, 'supabase', 'set-password'),
  inFlight(rotation, 'supabase', 'create-api-key'),
  lost(rotation, 'supabase', 'create-api-key'),
  inFlight(rotation, 'supabase', 'create-signing-key'),
  inFlight(rotation, 'supabase', 'move-signing-key'),
  inFlight(rollback, 'railway', 'deploymentRollback'),
  lost(rollback, 'railway', 'deploymentRollback'),
  inFlight(variables, 'railway', 'deploymentRedeploy'),
  {
    scenario: 'complete-failure',
    step: 'switch-over',
    while: 'when the switch-over is asked for',
    when: (witness) => witness.asking('switchOver'),
  },
  {
    scenario: 'complete-failure',
    step: 'rebuild-database',
    while: 'while the backup is loaded',
    when: (witness) => witness.asking('restoreBackupInto'),
  },
];

/** Blows around the other calls that must not be made twice. */
export const aroundOtherCalls: readonly ChaosCase[] = moments.flatMap((moment) => {
  const { scenario, step, when, faults } = moment;
  const base = {
    scenario,
    step,
    accident: usualAccident[scenario],
    policy: policies[scenario],
    gateEnd: null,
    outcome: 'recovered',
    ...(faults === undefined ? {} : { faults }),
  } as const;
  return [
    { ...base, name: `killed ${moment.while}`, strikes: [{ when, blow: kill }] },
    {
      ...base,
      name: `frozen ${moment.while}, and woken after another took over`,
      strikes: [{ when, blow: freeze }],
    },
  ];
});
