import type { Reconciliation } from '../../workflows/contracts/evidence.ts';
import { grantLimit } from './grants.ts';
import type { RewindListings } from './read-listings.ts';

type Item = Reconciliation['items'][number];

/** Lines that a report names one by one. */
const namedLines = 20;

/** Of lists that were capped only the stretch that both cover can be compared; both are sorted by code unit. */
function covered(lines: readonly string[], other: readonly string[], limit: number): readonly string[] {
  const last = other.at(-1);
  return other.length < limit || last === undefined ? lines : lines.filter((line) => line <= last);
}

function name(lines: readonly string[]): string {
  const rest = lines.length > namedLines ? ` and ${lines.length - namedLines} more` : '';
  return `${lines.slice(0, namedLines).join('; ')}${rest}`;
}

function compare(
  what: string,
  before: readonly string[],
  now: readonly string[],
  limit = Number.POSITIVE_INFINITY,
): Item {
  const present = new Set(now);
  const previous = new Set(before);
  const lost = covered(before, now, limit).filter((line) => !present.has(line));
  const back = covered(now, before, limit).filter((line) => !previous.has(line));
  const findings = [
    ...(lost.length > 0 ? [`lost: ${name(lost)}`] : []),
    ...(back.length > 0 ? [`back again: ${name(back)}`] : []),
    ...(before.length >= limit ? [`only the first ${limit} were compared`] : []),
  ];
  return {
    what,
    found: findings.length === 0 ? `${now.length}, as before the restore` : findings.join('. '),
    mended: null,
    needsPerson: findings.length > 0,
  };
}

/**
 * Lists what of cron jobs, replication slots and grants a rewind took away or brought back. None of it is mended by
 * itself: a grant that is back may be one that was revoked for a reason, a slot needs its consumer to start over.
 */
export function compareListings(before: RewindListings, now: RewindListings): readonly Item[] {
  return [
    compare('cron jobs', before.cronJobs, now.cronJobs),
    compare('replication slots', before.replicationSlots, now.replicationSlots),
    compare('grants, memberships and role attributes', before.grants, now.grants, grantLimit),
  ];
}
