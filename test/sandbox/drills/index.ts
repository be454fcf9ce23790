import type { DrillCommandVariable } from '../../../workflows/contracts/drill-faults.ts';
import { Everything, type EverythingOf } from './everything.ts';
import { type Breakable, corruptPages, deployBadVersion, killForGood } from './faults.ts';
import { startOrderServer } from './orders.ts';

/** Faults of a drill that need the machine, as commands of the operator's. */
export interface SandboxFaults {
  /** Variables of a worker that may break this sandbox. */
  readonly environment: Readonly<Partial<Record<DrillCommandVariable, string>>>;
  stop(): Promise<void>;
}

/** Starts what the commands ask of a sandbox without a standby environment. */
export async function startSandboxFaults(sandbox: Breakable): Promise<SandboxFaults> {
  const server = await startOrderServer({
    pages: () => corruptPages(sandbox),
    process: () => killForGood(sandbox),
    deployment: () => deployBadVersion(sandbox),
  });
  // Nothing is left to take away once the database was restored, or another deployment runs.
  const command = (fault: string) => `[ "$DRILL_ORDER" = break ] || exit 0; ${server.command(fault)}`;
  return {
    environment: {
      DRILL_FAULT_COMMAND_PAGES: command('pages'),
      DRILL_FAULT_COMMAND_PROCESS: command('process'),
      DRILL_FAULT_COMMAND_DEPLOYMENT: command('deployment'),
    },
    stop: () => server.stop(),
  };
}

/** Starts what the command asks that takes everything away, and brings it back. */
export async function startEverythingFault(parts: EverythingOf): Promise<SandboxFaults> {
  const everything = new Everything(parts);
  const server = await startOrderServer({
    break: () => everything.takeAway(),
    'clean-up': () => everything.bringBack(),
  });
  return {
    environment: { DRILL_FAULT_COMMAND_EVERYTHING: server.command('$DRILL_ORDER') },
    stop: () => server.stop(),
  };
}
