import type { TargetRequest } from '../../contracts/recovery-point.ts';

/** The last moment that a target keeps, to the ms: RFC 3339, UTC. What shows a later one holds what was to be undone. */
export function lastKeptMoment({ kind, moment }: TargetRequest): string {
  return new Date(Date.parse(moment) - (kind === 'just-before' ? 1 : 0)).toISOString();
}
