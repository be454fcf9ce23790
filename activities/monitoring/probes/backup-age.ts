import { probeNewestBackups } from '../../readiness/probe-newest-backups.ts';
import type { ProbeGroup } from '../look.ts';

/** How old the newest own backup is that can be opened. */
export const backupAgeProbe: ProbeGroup = {
  name: 'backups',
  signals: ['backup-age'],
  duringRecovery: true,
  everyMs: ({ everyMs }) => everyMs.backups,
  patienceMs: ({ patienceMs }) => patienceMs.database,
  async look({ dependencies: { locations, keyring, policy }, at, signal }) {
    const allowedMs = policy.backups.maxAgeMs.recent;
    const newest = await probeNewestBackups({ locations, keyring }, { signal, progress: () => undefined });
    const moments = newest
      .map(({ snapshotAt }) => snapshotAt)
      .filter((moment) => moment !== null)
      .sort();
    const last = moments.at(-1);
    const failing = newest
      .filter(({ problem }) => problem !== null)
      .map(({ location, problem }) => `${location}: ${problem?.happened}`);
    const base = {
      signal: 'backup-age',
      expected: `a backup that can be opened, not older than ${Math.round(allowedMs / 60_000)} min`,
    } as const;
    const told = failing.length > 0 ? ` Not opened at ${failing.join(' ')}` : '';
    if (last === undefined) {
      return { readings: [{ ...base, verdict: 'bad', found: `No backup could be opened.${told}` }] };
    }
    const ageMs = Date.parse(at) - Date.parse(last);
    return {
      readings: [
        {
          ...base,
          verdict: ageMs > allowedMs ? 'bad' : 'good',
          found: `The newest backup shows ${last}, ${Math.max(0, Math.round(ageMs / 60_000))} min ago.${told}`,
        },
      ],
    };
  },
};
