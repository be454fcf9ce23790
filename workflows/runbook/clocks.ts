import type { RecoveryFacts } from '../contracts/facts.ts';
import type { TargetRequest } from '../contracts/recovery-point.ts';
import type { MeasuredObjective } from '../contracts/report.ts';

/**
 * Recovery time: from the incident, not from the start of the run, until health probes passed again for good. Waiting
 * for people is part of it. Unknown when either end is.
 */
export function measureRto(
  objectiveMs: number,
  incidentAt: string | null,
  { health }: Partial<RecoveryFacts>,
): MeasuredObjective {
  const measuredMs =
    incidentAt === null || health === undefined
      ? null
      : Math.max(0, Date.parse(health.healthySince) - Date.parse(incidentAt));
  return {
    objectiveMs,
    measuredMs,
    met: measuredMs === null ? null : measuredMs <= objectiveMs,
    basis:
      incidentAt === null
        ? 'the moment of the incident was not given'
        : 'from the incident until the application was healthy again',
  };
}

/** Recovery point of a run that restored nothing: every commit is still there. */
export function untouchedRpo(objectiveMs: number): MeasuredObjective {
  return {
    objectiveMs,
    measuredMs: 0,
    met: true,
    basis: 'nothing was restored: every commit is still in the database',
  };
}

/**
 * Recovery point: from the newest commit that was verified after the restore to the last good moment, which is the
 * moment the recovery was to go just before, or else the incident. Unknown when either end is.
 */
export function measureRpo(
  objectiveMs: number,
  incidentAt: string | null,
  target: TargetRequest | null,
  { verification }: Partial<RecoveryFacts>,
): MeasuredObjective {
  const lastGood = target?.kind === 'just-before' ? target.moment : incidentAt;
  const verified = verification?.checks.every(({ passed, advisory }) => passed || advisory) === true;
  const newest = verified ? verification.newestCommitAt : null;
  const measuredMs =
    lastGood === null || newest === null ? null : Math.max(0, Date.parse(lastGood) - Date.parse(newest));
  return {
    objectiveMs,
    measuredMs,
    met: measuredMs === null ? null : measuredMs <= objectiveMs,
    basis:
      lastGood === null
        ? 'the last good moment was not given'
        : verified
          ? 'from the newest verified commit to the last good moment'
          : 'no restored data was verified',
  };
}

/**
 * The commits that the recovery threw away: from the newest restored one to the last before the fence.
 *
 * @param beforeRewind the counts before the first rewind: later plan revisions count what is rewound already
 */
export function discardedWindow(
  { verification }: Partial<RecoveryFacts>,
  beforeRewind: RecoveryFacts['finalCounts'] | undefined,
) {
  if (verification === undefined || beforeRewind === undefined) return null;
  const from = verification.newestCommitAt;
  const to = beforeRewind.newestCommitAt;
  return {
    from,
    to,
    ms: from === null || to === null ? null : Math.max(0, Date.parse(to) - Date.parse(from)),
  };
}
