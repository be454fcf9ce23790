import { continueAsNew } from '@temporalio/workflow';
import type { MonitorInput } from '../contracts/monitor.ts';
import { Watch } from './monitoring/watch.ts';

/**
 * Looks after an environment for good: probes it, opens one incident where something is wrong, and has it recovered. A
 * crash at once, everything else when a person says so. Begins a new run every few minutes, with the policy as it is then.
 * (procedure, section 4: detection)
 *
 * @throws ApplicationFailure `input-invalid` where the worker reaches another environment
 */
export async function monitor(input: MonitorInput): Promise<void> {
  const watch = new Watch(input);
  const carried = await watch.run();
  if (carried !== null) await continueAsNew<typeof monitor>({ ...input, carried });
}
