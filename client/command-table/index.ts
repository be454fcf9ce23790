import { backupCommands } from './backups.ts';
import { drillCommands } from './drills.ts';
import type { CommandTable } from './entry.ts';
import { readinessCommands } from './readiness.ts';
import { recoveryCommands } from './recoveries.ts';
import { standingCommands } from './schedules-and-monitor.ts';

/** Every command of `dr`. */
export const commandTable: CommandTable = {
  ...recoveryCommands,
  ...backupCommands,
  ...drillCommands,
  ...standingCommands,
  ...readinessCommands,
};
