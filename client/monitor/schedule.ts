import { ScheduleNotFoundError } from '@temporalio/client';
import { monitorSchedule } from '../../workflows/contracts/monitor.ts';
import type { TemporalAccess } from '../connection.ts';

/** Lets the schedule that keeps the monitor running rest, or go on. False where there is none. */
export async function keepMonitorRunning(
  { client }: TemporalAccess,
  environment: string,
  keep: boolean,
  why: string,
): Promise<boolean> {
  const handle = client.schedule.getHandle(`${environment}-${monitorSchedule}`);
  try {
    if (keep) await handle.unpause(why);
    else await handle.pause(why);
    return true;
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return false;
    throw error;
  }
}
