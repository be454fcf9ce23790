import type { ChaosCase } from '../case.ts';
import type { Witness } from '../witness.ts';
import { usualAccident } from './at-each-step.ts';
import { coma, freeze, kill, sleep } from './blows.ts';
import { policies } from './policies.ts';

type Faults = Required<ChaosCase>['faults'];
type Around = Pick<ChaosCase, 'name' | 'faults' | 'strikes'>;

const inFlight = (witness: Witness) => witness.call('supabase', 'restore-pitr', 'arrived', () => true);
const answered = (witness: Witness) =>
  witness.call('supabase', 'restore-pitr', 'was answered', ({ status }) => status !== null);
const asking = (activityType: string) => (witness: Witness) => witness.asking(activityType);

/** Holds the request back at the provider, which carries it out later, whoever still waits for the answer. */
const slow: Faults = ({ supabase: { faults } }) =>
  faults.set('restore-pitr', { kind: 'latency', ms: 2_500 }, 1);
/** Holds the first request back, and then it is lost. */
const lost: Faults = ({ supabase: { faults } }) => {
  faults.set('restore-pitr', { kind: 'latency', ms: 2_500 }, 1);
  faults.set('restore-pitr', { kind: 'drop-before' }, 1);
};

const inFlightCases: readonly Around[] = [
  {
    name: 'killed while the restore request is in flight, which then takes effect',
    faults: slow,
    strikes: [{ when: inFlight, blow: kill }],
  },
  {
    name: 'frozen while the restore request is in flight, and woken after another took over',
    faults: slow,
    strikes: [{ when: inFlight, blow: freeze }],
  },
];

const others: readonly Around[] = [
  {
    name: 'killed while the restore request is in flight, which is then lost',
    faults: lost,
    strikes: [{ when: inFlight, blow: kill }],
  },
  {
    name: 'killed while the approved plan is looked at again',
    strikes: [{ when: asking('recheckLoss'), blow: kill }],
  },
  {
    name: 'killed while the approval is looked at again',
    strikes: [{ when: asking('approvalHolds'), blow: kill }],
  },
  { name: 'killed while arming the restore', strikes: [{ when: asking('armRestore'), blow: kill }] },
  {
    name: 'killed when the restore request is asked for',
    strikes: [{ when: asking('sendRestoreRequest'), blow: kill }],
  },
  { name: 'killed when the provider has answered', strikes: [{ when: answered, blow: kill }] },
  { name: 'killed while settling', strikes: [{ when: asking('settleRestore'), blow: kill }] },
  { name: 'killed while waiting for the restore', strikes: [{ when: asking('awaitRestored'), blow: kill }] },
  {
    name: 'killed while the database is rewound',
    strikes: [{ when: (witness) => witness.rewinding(), blow: kill }],
  },
  {
    name: 'killed in flight, and the next one while settling',
    faults: slow,
    strikes: [
      { when: inFlight, blow: kill },
      { when: asking('settleRestore'), blow: kill },
    ],
  },
  {
    name: 'killed while the inventory is taken, and the next one when the request is asked for',
    strikes: [
      { when: asking('takeInventory'), blow: kill },
      { when: asking('sendRestoreRequest'), blow: kill },
    ],
  },
  {
    name: 'frozen while arming, and woken after another took over',
    strikes: [{ when: asking('armRestore'), blow: freeze }],
  },
  {
    name: 'frozen when the request is asked for, and woken after another took over',
    strikes: [{ when: asking('sendRestoreRequest'), blow: freeze }],
  },
  {
    name: 'frozen in flight with a request that is lost, and woken after another took over',
    faults: lost,
    strikes: [{ when: inFlight, blow: freeze }],
  },
  {
    name: 'frozen while settling, nobody takes over',
    strikes: [{ when: asking('settleRestore'), blow: sleep }],
  },
  {
    name: 'frozen in flight, nobody takes over',
    faults: slow,
    strikes: [{ when: inFlight, blow: sleep }],
  },
  {
    name: 'frozen while waiting for the restore, and woken after another took over',
    strikes: [{ when: asking('awaitRestored'), blow: freeze }],
  },
  {
    name: 'frozen for more than a minute while settling, nobody takes over',
    strikes: [{ when: asking('settleRestore'), blow: coma }],
  },
];

function ofDataLoss(around: Around): ChaosCase {
  return {
    scenario: 'data-loss',
    step: 'restore-database',
    accident: usualAccident['data-loss'],
    policy: policies['data-loss'],
    gateEnd: null,
    outcome: 'recovered',
    ...around,
  };
}

/** A kill and a freeze while the restore request is on its way. */
export const restoreInFlight: readonly ChaosCase[] = inFlightCases.map(ofDataLoss);

/** Blows at each moment around the restore, which is the same in every scenario that has one. */
export const aroundTheRestore: readonly ChaosCase[] = [...restoreInFlight, ...others.map(ofDataLoss)];
