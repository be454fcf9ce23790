import { randomUUID } from 'node:crypto';
import { taskQueue } from '../../workflows/contracts/names.ts';
import type { SandboxProduction } from '../sandbox/index.ts';

/** Runs an operation's workflow to its end. */
export async function runOperation(
  sandbox: SandboxProduction,
  type: string,
  args: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  await sandbox.temporal.environment.client.workflow.execute(type, {
    taskQueue,
    workflowId: `${type}-${randomUUID()}`,
    args: [{ environment: 'sandbox', startedBy: 'test', ...args }],
  });
}

/** Takes one of the half-hourly backups. */
export function takeBackup(sandbox: SandboxProduction): Promise<void> {
  return runOperation(sandbox, 'backup', { tier: 'recent' });
}
