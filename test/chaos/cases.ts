import { dataLossRunbook } from '../../workflows/scenarios/data-loss.ts';
import type { Blow, ChaosCase } from './case.ts';
import type { Witness } from './witness.ts';

const kill: Blow = { kind: 'kill' };
/** Longer than the heartbeat timeout of 10 s, the request's deadline and the sticky timeout of 5 s. */
const freeze: Blow = { kind: 'freeze', forMs: 18_000, standIn: true };
/** The same, with nobody to take over. */
const sleep: Blow = { kind: 'freeze', forMs: 18_000, standIn: false };
/** Long enough for later attempts to be handed to the frozen worker as well. */
const coma: Blow = { kind: 'freeze', forMs: 75_000, standIn: false };

const inFlight = (witness: Witness) => witness.restore('arrived', () => true);
const answered = (witness: Witness) => witness.restore('was answered', ({ status }) => status !== null);
const asking = (activityType: string) => (witness: Witness) => witness.asking(activityType);

/** Holds the request back at the provider, which carries it out later, whoever still waits for the answer. */
const slow: Required<ChaosCase>['faults'] = (faults) =>
  faults.set('restore-pitr', { kind: 'latency', ms: 2_500 }, 1);
/** Holds the first request back, and then it is lost. */
const lost: Required<ChaosCase>['faults'] = (faults) => {
  faults.set('restore-pitr', { kind: 'latency', ms: 2_500 }, 1);
  faults.set('restore-pitr', { kind: 'drop-before' }, 1);
};

const atEachStep: readonly ChaosCase[] = dataLossRunbook.steps.flatMap(({ id }) => [
  { name: `killed on entering ${id}`, strikes: [{ when: (witness) => witness.entering(id), blow: kill }] },
  {
    name: `frozen on entering ${id}, and woken after another took over`,
    strikes: [{ when: (witness) => witness.entering(id), blow: freeze }],
  },
]);

/** The two that run with the other tests. */
export const sample: readonly ChaosCase[] = [
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

const aroundTheRestore: readonly ChaosCase[] = [
  ...sample,
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

/** Every case: a kill and a freeze at each step, and blows at each moment around the restore. */
export const allCases: readonly ChaosCase[] = [...aroundTheRestore, ...atEachStep];
