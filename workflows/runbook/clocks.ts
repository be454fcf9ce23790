import type { RecoveryFacts } from '../contracts/facts.ts';
import type { RecoveredTo } from '../contracts/marker.ts';
import type { TargetRequest } from '../contracts/recovery-point.ts';
import type { MeasuredObjective } from '../contracts/report.ts';
import { duration } from './format.ts';

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
 * Up to which moment everything is back, at least: the later of the recovery marker that came back and the newest
 * verified commit, since a restore keeps commits in their order. Null where nothing was verified, or neither is known.
 */
export function recoveredTo({ verification }: Partial<RecoveryFacts>): RecoveredTo | null {
  if (!isVerified(verification)) return null;
  const { marker = null, newestCommitAt } = verification;
  const markerEveryMs = marker?.everyMs ?? null;
  if (marker !== null && isLater(marker.writtenAt, newestCommitAt)) {
    return { at: marker.writtenAt, by: 'recovery-marker', markerEveryMs };
  }
  return newestCommitAt === null ? null : { at: newestCommitAt, by: 'newest-commit', markerEveryMs };
}

/** By the text where the milliseconds are the same: it holds the microseconds. */
function isLater(moment: string, other: string | null): boolean {
  if (other === null) return true;
  return Date.parse(moment) === Date.parse(other) ? moment > other : Date.parse(moment) > Date.parse(other);
}

/**
 * Recovery point: from what was recovered to until the last good moment, which is the moment the recovery was to go
 * just before, or else the incident. Without either it is at most what lies between the two recovery markers, the one
 * that came back and the last before the fence; such a bound can show that the objective was met, never that it was
 * missed. Unknown when an end is.
 *
 * @param beforeRewind the counts before the first rewind
 */
export function measureRpo(
  objectiveMs: number,
  incidentAt: string | null,
  target: TargetRequest | null,
  facts: Partial<RecoveryFacts>,
  beforeRewind?: RecoveryFacts['finalCounts'],
): MeasuredObjective {
  const lastGood = target?.kind === 'just-before' ? target.moment : incidentAt;
  const recovered = recoveredTo(facts);
  const lastMarker = beforeRewind?.marker ?? null;
  if (lastGood === null) {
    const atMostMs =
      recovered === null || recovered.markerEveryMs === null || lastMarker === null
        ? null
        : msBetween(recovered.at, lastMarker.writtenAt);
    return {
      objectiveMs,
      measuredMs: atMostMs,
      met: atMostMs !== null && atMostMs <= objectiveMs ? true : null,
      basis:
        atMostMs === null
          ? 'the last good moment was not given'
          : `at most: from ${sourceOf(recovered)} to the last recovery marker before the fence, since the last good moment was not given`,
    };
  }
  const measuredMs = recovered === null ? null : msBetween(recovered.at, lastGood);
  return {
    objectiveMs,
    measuredMs,
    met: measuredMs === null ? null : measuredMs <= objectiveMs,
    basis: isVerified(facts.verification)
      ? `from ${sourceOf(recovered)} to the last good moment`
      : 'no restored data was verified',
  };
}

function isVerified(
  verification: RecoveryFacts['verification'] | undefined,
): verification is RecoveryFacts['verification'] {
  return verification?.checks.every(({ passed, advisory }) => passed || advisory) === true;
}

/** What the recovered moment was measured by, for people. */
export function sourceOf(recovered: RecoveredTo | null): string {
  if (recovered === null) return 'the newest verified commit';
  const { by, markerEveryMs } = recovered;
  if (markerEveryMs === null) return 'the newest verified commit (no recovery marker came back)';
  const every = `every ${duration(markerEveryMs)}`;
  return by === 'recovery-marker'
    ? `the recovery marker (${every})`
    : `the newest verified commit (later than the recovery marker, ${every})`;
}

function msBetween(from: string, to: string): number {
  return Math.max(0, Date.parse(to) - Date.parse(from));
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
    ms: from === null || to === null ? null : msBetween(from, to),
  };
}
