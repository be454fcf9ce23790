import { proxyActivities } from '@temporalio/workflow';
import type { RecoveryInput } from '../../../../workflows/contracts/inputs.ts';
import type { Scenario } from '../../../../workflows/contracts/policy.ts';
import type { RecoveryReport } from '../../../../workflows/contracts/report.ts';
import { runRecovery } from '../../../../workflows/runbook/recovery.ts';
import { action, check, type Runbook } from '../../../../workflows/runbook/runbook.ts';
import type { act as ActActivity } from './production.ts';

export { keepMonitor } from '../../../../workflows/operations/keep-monitor.ts';
export { monitor } from '../../../../workflows/operations/monitor.ts';
export { page } from '../../../../workflows/operations/page.ts';

const { act } = proxyActivities<{ act: typeof ActActivity }>({
  startToCloseTimeout: '1 minute',
  retry: { maximumAttempts: 1 },
});

const phase = 'preparing';

function rehearsal(scenario: Scenario): Runbook {
  return {
    scenario,
    title: scenario,
    safeState: { beforeDestruction: 'as it was', afterDestruction: 'as it was' },
    unattended: scenario === 'application-crash',
    steps: [
      check({
        id: 'look',
        title: 'Look around',
        phase: 'checking',
        run: async () => {
          await act(`${scenario}: look`);
          return {};
        },
        summary: () => '7 rows are missing',
      }),
      action({
        id: 'never',
        title: 'What nobody needs',
        phase,
        when: () => false,
        undo: null,
        run: async () => ({}),
        summary: () => '',
      }),
      action({
        id: 'change',
        title: 'Change production',
        phase,
        undo: {
          inForce: 'production changed',
          title: 'Change it back',
          run: async () => {
            await act(`${scenario}: undo`);
          },
        },
        run: async () => {
          await act(`${scenario}: change`);
          return {};
        },
        summary: () => 'changed',
      }),
      action({
        id: 'mend',
        title: 'Mend it',
        phase,
        undo: null,
        releases: ['change'],
        run: async () => {
          await act(`${scenario}: mend`);
          return {};
        },
        summary: () => 'mended',
      }),
    ],
  };
}

/** Recoveries in small, by the real engine. */
export const dataLoss = (input: RecoveryInput): Promise<RecoveryReport> =>
  runRecovery(rehearsal('data-loss'), input);
export const applicationCrash = (input: RecoveryInput): Promise<RecoveryReport> =>
  runRecovery(rehearsal('application-crash'), input);
export const securityBreach = (input: RecoveryInput): Promise<RecoveryReport> =>
  runRecovery(rehearsal('security-breach'), input);
