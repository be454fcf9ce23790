import type { MonitorFacts } from '../contracts/readiness-facts.ts';
import { utc } from '../runbook/format.ts';

/** How the monitor stands, in a word and in one line. */
export interface MonitorStanding {
  /** `blind`: it runs and does not look. */
  readonly state: 'looks' | 'silenced' | 'incident' | 'blind' | 'absent';
  readonly found: string;
}

/** Longest time between two looks, ms: a look takes half a minute, and a worker may be restarted. */
const lookedWithinMs = 2 * 60_000;

/**
 * Judges what the monitor says of itself.
 *
 * @param monitor null where none runs
 * @param nowMs UTC, ms
 */
export function monitorStanding(monitor: MonitorFacts | null, nowMs: number): MonitorStanding {
  if (monitor === null) return { state: 'absent', found: 'the monitor does not run' };
  const { since, lookedAt, trouble, silence, incident } = monitor;
  if (trouble !== null) return { state: 'blind', found: `the monitor cannot look: ${trouble}` };
  const looked =
    lookedAt === null
      ? 'the monitor has not looked yet'
      : `the monitor looked last ${utc(`${lookedAt.slice(0, 19)}Z`)}`;
  if (nowMs - Date.parse(lookedAt ?? since) > lookedWithinMs) return { state: 'blind', found: looked };
  if (silence !== null) {
    const until = utc(`${silence.until.slice(0, 19)}Z`);
    return {
      state: 'silenced',
      found: `the monitor is silenced by ${silence.by} until ${until}: ${silence.reason}`,
    };
  }
  if (incident === null) return { state: 'looks', found: looked };
  const scenario = incident.scenario ?? 'no scenario';
  return { state: 'incident', found: `the monitor has an incident open (${scenario}): ${incident.because}` };
}
