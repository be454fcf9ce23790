import type { Deployment } from '../../ports.ts';

const statuses = {
  INITIALIZING: 'starting',
  QUEUED: 'starting',
  WAITING: 'starting',
  NEEDS_APPROVAL: 'starting',
  BUILDING: 'starting',
  DEPLOYING: 'starting',
  CRASHED: 'crashed',
  FAILED: 'failed',
  // It never ran.
  SKIPPED: 'failed',
  REMOVED: 'stopped',
} as const satisfies Record<string, Deployment['status']>;

const known: ReadonlyMap<string, Deployment['status']> = new Map(Object.entries(statuses));

/**
 * What Railway's status means. `SUCCESS` stays after a stop: `deploymentStopped` tells. A sleeping deployment counts
 * as running, because the next request wakes it. A status that is not known yet is `unknown`, never an error.
 */
export function deploymentStatus(raw: string, deploymentStopped: boolean): Deployment['status'] {
  if (raw === 'SLEEPING') return 'running';
  if (raw === 'SUCCESS' || raw === 'REMOVING') return deploymentStopped ? 'stopped' : 'running';
  return known.get(raw) ?? 'unknown';
}
