import { proxyActivities } from '@temporalio/workflow';
import type { RecoveryInput, RepairInput } from '../../../../workflows/contracts/inputs.ts';
import type { RecoveryReport } from '../../../../workflows/contracts/report.ts';
import { restoreToPoint, restoreUnderWay } from '../../../../workflows/runbook/point-in-time-restore.ts';
import { runRecovery } from '../../../../workflows/runbook/recovery.ts';
import {
  action,
  check,
  destructive,
  manual,
  type Runbook,
  type StepContext,
} from '../../../../workflows/runbook/runbook.ts';
import type { WorldActivities } from './activities.ts';

const { act } = proxyActivities<WorldActivities>({
  startToCloseTimeout: '1 minute',
  heartbeatTimeout: '30 seconds',
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
  retry: { initialInterval: '10 milliseconds', maximumAttempts: 2 },
});

const phase = 'preparing';
const project = { provider: 'test', ref: 'shop', name: 'Shop', region: 'here' };

const look = check({
  id: 'look',
  title: 'Look around',
  phase: 'checking',
  skippable: 'nobody has looked',
  run: async ({ target }) => {
    await act('look');
    const targetUnix = Math.floor(Date.parse(target?.moment ?? '2026-01-01T00:00:00Z') / 1000);
    return {
      recoveryPoint: {
        project,
        targetUnix,
        window: { earliestUnix: 0, latestUnix: targetUnix },
        backups: [],
        warnings: [],
      },
    };
  },
  summary: () => 'looked',
});

const closeShop = action({
  id: 'close-shop',
  title: 'Close the shop',
  phase,
  undo: {
    inForce: 'shop closed',
    title: 'Open the shop',
    prepare: async () => ({
      applicationBefore: {
        deploymentId: await act('prepare close-shop'),
        deploymentStatus: 'open',
        running: true,
        autoDeployEnabled: true,
      },
    }),
    run: async ({ fact }) => {
      await act(`undo close-shop, as ${fact('applicationBefore').deploymentId}`);
    },
  },
  run: async () => {
    await act('close-shop');
    return {};
  },
  summary: () => 'closed',
});

const lockDoors = action({
  id: 'lock-doors',
  title: 'Lock the doors',
  phase,
  undo: {
    inForce: 'doors locked',
    title: 'Unlock the doors',
    run: async () => {
      await act('undo lock-doors');
    },
  },
  run: async () => {
    await act('lock-doors');
    return {};
  },
  summary: () => 'locked',
});

const demolish = destructive({
  id: 'demolish',
  title: 'Demolish the shop',
  phase: 'restoring',
  optional: false,
  gate: {
    question: ({ target }) => `Demolish down to ${target?.moment}?`,
    facts: () => [{ label: 'Weight', value: '40 t' }],
    plan: ({ target }) => ({
      project,
      arguments: { downTo: target?.moment ?? '' },
      safetyCopySha256: null,
      maximumLoss: [],
    }),
    approveLeadsTo: 'the shop is gone',
  },
  recheck: async () => {
    const reason = await act('recheck demolish');
    return { holds: reason === '', reasons: reason === '' ? [] : [reason] };
  },
  run: async ({ setDestroyed }) => {
    setDestroyed(true);
    await act('demolish');
    return {};
  },
  summary: () => 'demolished',
});

const inspect = check({
  id: 'inspect',
  title: 'Inspect the new shop',
  phase: 'verifying',
  run: async () => {
    await act('inspect');
    return {};
  },
  summary: () => 'sound',
});

const agree = manual({
  id: 'agree',
  title: 'Look at the new shop',
  phase: 'verifying',
  when: ({ policy }) => policy.restore.confirmBeforeResume,
  facts: () => [{ label: 'Colour', value: 'green' }],
});

const openShop = action({
  id: 'open-shop',
  title: 'Open the new shop',
  phase: 'resuming',
  watchesMs: () => 0,
  undo: null,
  resumesWriters: true,
  releases: ['lock-doors', 'close-shop'],
  run: async () => {
    if ((await act('open-shop')) === 'in the dark') return {};
    return {
      health: { healthySince: new Date().toISOString(), watchedMs: 0, probes: 1, failedBeforeHealthy: 0 },
    };
  },
  summary: () => 'open',
});

const greet = check({
  id: 'greet',
  title: 'Greet the first customer',
  phase: 'resuming',
  skippable: 'nobody is greeted',
  run: async () => {
    await act('greet');
    return {};
  },
  summary: () => 'greeted',
});

const announce = destructive({
  id: 'announce',
  title: 'Announce it to the town',
  phase: 'resuming',
  optional: true,
  gate: {
    question: () => 'Announce it?',
    facts: () => [],
    plan: () => ({ project: null, arguments: { text: 'open' }, safetyCopySha256: null, maximumLoss: [] }),
    approveLeadsTo: 'everybody hears of it',
  },
  recheck: async () => ({ holds: true, reasons: [] }),
  run: async () => {
    await act('announce');
    return {};
  },
  summary: () => 'announced',
});

const safeState = { beforeDestruction: 'the shop as it was', afterDestruction: 'the doors stay locked' };

const rehearsalRunbook: Runbook = {
  scenario: 'data-loss',
  title: 'Rehearsal',
  safeState,
  steps: [look, closeShop, lockDoors, demolish, inspect, agree, openShop, greet, announce],
};

const identity = { id: 'restore', title: 'Restore' } as const;

const restore = destructive({
  ...identity,
  phase: 'restoring',
  optional: false,
  gate: {
    question: () => 'Restore?',
    facts: () => [],
    plan: ({ target }: StepContext) => ({
      project,
      arguments: { target: target?.moment ?? '' },
      safetyCopySha256: null,
      maximumLoss: [],
    }),
    approveLeadsTo: 'it is restored',
  },
  recheck: async () => ({ holds: true, reasons: [] }),
  underWay: restoreUnderWay,
  run: (context) => restoreToPoint(context, identity),
  summary: () => 'restored',
});

/** A recovery in small, with a step of every kind; what its steps do is arranged by the test. */
export async function rehearsal(input: RecoveryInput | RepairInput): Promise<RecoveryReport> {
  return runRecovery(rehearsalRunbook, input);
}

const findCause = check({
  id: 'find-cause',
  title: 'Find out why the shop is dark',
  phase: 'checking',
  run: async () => {
    await act('find-cause');
    return {};
  },
  summary: () => 'the ground gives way',
  handsOver: () => ({ to: 'data-loss', because: 'the ground gives way.' }),
});

/** Closes the shop, then finds that another scenario is the right one. */
export async function handingOver(input: RecoveryInput | RepairInput): Promise<RecoveryReport> {
  return runRecovery(
    {
      scenario: 'application-crash',
      title: 'Dark shop',
      safeState,
      steps: [closeShop, findCause, openShop],
    },
    input,
  );
}

const lightLamps = check({
  id: 'light-lamps',
  title: 'Light the lamps',
  phase: 'checking',
  run: async () => {
    await act('light-lamps');
    return {};
  },
  summary: () => 'lit',
  waysOn: async () => ({
    facts: [{ label: 'EXTRA LOSS', value: 'the lamps' }],
    goesOver: { to: 'data-loss', because: 'It stays dark.', leadsTo: 'builds it anew' },
  }),
});

/** Closes the shop, then lets a person send it over into another scenario. */
export async function offering(input: RecoveryInput | RepairInput): Promise<RecoveryReport> {
  return runRecovery(
    {
      scenario: 'application-crash',
      title: 'Dark shop',
      safeState,
      steps: [closeShop, lightLamps, openShop],
    },
    input,
  );
}

/** The scenario that is gone over into. */
export const dataLoss = rehearsal;

/** Only the restore of the real recoveries, between locking and opening. */
export async function restoring(input: RecoveryInput | RepairInput): Promise<RecoveryReport> {
  return runRecovery(
    { scenario: 'data-loss', title: 'Restore', safeState, steps: [look, lockDoors, restore, openShop] },
    input,
  );
}
