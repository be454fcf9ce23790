import type { DatabasePlatformStatus } from '../../ports.ts';

const statuses: ReadonlyMap<string, DatabasePlatformStatus> = new Map([
  ['ACTIVE_HEALTHY', 'healthy'],
  ['RESTORING', 'restoring'],
  ['RESTORE_FAILED', 'restore-failed'],
  ['INACTIVE', 'paused'],
  ['PAUSING', 'unavailable'],
  ['PAUSE_FAILED', 'unavailable'],
  ['ACTIVE_UNHEALTHY', 'unavailable'],
  ['COMING_UP', 'unavailable'],
  ['GOING_DOWN', 'unavailable'],
  ['INIT_FAILED', 'unavailable'],
  ['REMOVED', 'unavailable'],
  ['UPGRADING', 'unavailable'],
  ['RESTARTING', 'unavailable'],
  ['RESIZING', 'unavailable'],
]);

/** What a project status of the Management API means; a word that is not in its schema of 2026 is `unknown`. */
export function platformStatus(raw: string): DatabasePlatformStatus {
  return statuses.get(raw) ?? 'unknown';
}
