import type { Chart, ChartPoint } from '../../../workflows/contracts/document.ts';

/** How many marks fit side by side at the width of a telephone. */
const groups = 120;

/** Measurements that are too close to be told apart; of what is not known both values are null. */
export type GroupedPoint =
  | Readonly<{ at: number; best: number; worst: number; count: number }>
  | Readonly<{ at: number; best: null; worst: null; count: number }>;

/** A group of which a value is known. */
type KnownPoint = Extract<GroupedPoint, { readonly worst: number }>;

/**
 * Puts measurements together that would be drawn over each other: at the moment of the worst of them, which is never hidden.
 *
 * @returns oldest first; what was not known is a group of its own only where nothing else was measured close to it
 */
export function groupPoints(
  points: readonly ChartPoint[],
  { from, to }: Pick<Chart, 'from' | 'to'>,
): readonly GroupedPoint[] {
  const [fromMs, toMs] = [Date.parse(from), Date.parse(to)];
  const width = Math.max(1, (toMs - fromMs) / groups);
  const together = new Map<number, GroupedPoint>();
  for (const { at, value } of points) {
    const ms = Date.parse(at);
    if (!(ms >= fromMs && ms <= toMs)) continue;
    const group = Math.floor((ms - fromMs) / width);
    together.set(group, joinedBy(together.get(group), ms, value));
  }
  return [...together.values()].toSorted((a, b) => a.at - b.at);
}

function joinedBy(group: GroupedPoint | undefined, at: number, value: number | null): GroupedPoint {
  const count = (group?.count ?? 0) + 1;
  if (value === null) {
    return group === undefined ? { at, best: null, worst: null, count } : { ...group, count };
  }
  if (group === undefined || group.worst === null) return { at, best: value, worst: value, count };
  return {
    at: value > group.worst ? at : group.at,
    best: Math.min(group.best, value),
    worst: Math.max(group.worst, value),
    count,
  };
}

/** Neighbours between which a line may be drawn: both known, and no farther apart than the gap. */
export function joined(
  points: readonly GroupedPoint[],
  gapAfterMs: number,
): readonly (readonly [KnownPoint, KnownPoint])[] {
  return points.flatMap((point, index) => {
    const before = points[index - 1];
    if (before === undefined || before.worst === null || point.worst === null) return [];
    return point.at - before.at <= gapAfterMs ? [[before, point] as const] : [];
  });
}
