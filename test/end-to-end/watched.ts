import { WorkflowNotFoundError } from '@temporalio/client';
import { type MonitorStatus, monitorQuery, monitorWorkflowId } from '../../workflows/contracts/monitor.ts';
import type { SignalName } from '../../workflows/contracts/monitoring.ts';
import { recoveryWorkflowId, taskQueue } from '../../workflows/contracts/names.ts';
import type { SandboxProduction } from '../sandbox/index.ts';
import { eventually } from './condition.ts';
import { crashPolicy } from './crash.ts';
import { Recovery } from './recovery.ts';

/** As production looks at its application: every 5 s, and once a second when something was seen bad. */
export const watchedPolicy = {
  ...crashPolicy,
  monitor: { probeEveryMs: 5_000, confirmEveryMs: 1_000 },
} as const;

/** What opens incidents here; the rest is only told, or is of a moment that has passed. */
const decisive: readonly SignalName[] = [
  'health-check',
  'deployment',
  'database-provider',
  'missing-records',
  'inconsistent-data',
  'checksum-failures',
  'roles-and-grants',
];

/** Starts the monitor as its schedule does, and resolves when it has looked at everything and found nothing. */
export async function startMonitor(sandbox: SandboxProduction): Promise<void> {
  await sandbox.temporal.environment.client.workflow.execute('keepMonitor', {
    taskQueue,
    workflowId: 'keep-monitor',
    args: [{ environment: 'sandbox', startedBy: 'schedule' }],
  });
  await untilContent(sandbox);
}

/** The monitor's run in Temporal. */
export const monitorOf = ({ temporal }: SandboxProduction) =>
  temporal.environment.client.workflow.getHandle(monitorWorkflowId('sandbox'));

/** Waits until the monitor says so of itself. */
export function untilMonitor(
  sandbox: SandboxProduction,
  what: string,
  fits: (status: MonitorStatus) => boolean,
): Promise<MonitorStatus> {
  const { client } = sandbox.temporal.environment;
  return eventually(`the monitor ${what}`, async () => {
    const status = await client
      .withDeadline(Date.now() + 2_000, () => monitorOf(sandbox).query(monitorQuery))
      .catch(() => undefined);
    return status !== undefined && fits(status) ? status : undefined;
  });
}

/** Waits until no incident is open, and what opens one was seen good more than once. */
export function untilContent(sandbox: SandboxProduction): Promise<MonitorStatus> {
  return untilMonitor(
    sandbox,
    'is content',
    ({ open, settled, states }) =>
      open === null &&
      settled.length === 0 &&
      decisive.every((name) =>
        states.some(
          ({ signal, trouble, badInARow, goodInARow }) =>
            signal === name && !trouble && badInARow === 0 && goodInARow > 1,
        ),
      ),
  );
}

/** The recovery that the monitor started; undefined while there is none that runs or has just ended. */
export async function recoveryAfter(
  sandbox: SandboxProduction,
  moment: number,
): Promise<Recovery | undefined> {
  const { workflow } = sandbox.temporal.environment.client;
  try {
    const { runId, startTime } = await workflow.getHandle(recoveryWorkflowId('sandbox')).describe();
    return startTime.getTime() >= moment ? new Recovery(sandbox, runId) : undefined;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}
