import type { MonitorMemory, SignalName } from '../../workflows/contracts/monitoring.ts';

/** What is remembered before anything was looked at. */
export const nothingRemembered: MonitorMemory = {
  tables: [],
  acceptedAt: null,
  checksumFailures: 0,
  examination: null,
  powers: null,
  advice: null,
  statements: null,
  rowsReturned: null,
  healthProbes: [],
};

/**
 * Accepts things as they are: what these signals were held against is forgotten.
 *
 * @param at RFC 3339, UTC
 */
export function forget(memory: MonitorMemory, signals: readonly SignalName[], at: string): MonitorMemory {
  const has = (...names: readonly SignalName[]) => names.some((name) => signals.includes(name));
  return {
    ...memory,
    ...(has('missing-records', 'inconsistent-data') && { tables: [], acceptedAt: at }),
    ...(has('checksum-failures') && { checksumFailures: null, examination: null, unaccounted: [] }),
    ...(has('roles-and-grants') && { powers: null }),
    ...(has('security-advice') && { advice: null }),
    ...(has('slow-queries') && { statements: null }),
    ...(has('bulk-reads') && { rowsReturned: null }),
    ...(has('health-check', 'response-time', 'error-rate') && { healthProbes: [] }),
  };
}
