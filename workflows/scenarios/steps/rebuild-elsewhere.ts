import { CancellationScope } from '@temporalio/workflow';
import { duration, utc } from '../../runbook/format.ts';
import type { WaysOn } from '../../runbook/runbook.ts';
import { newestOwnBackup } from './own-backups.ts';

/** How long the newest own backup is looked for, ms: the question must not wait longer. */
const searchMs = 30_000;

/**
 * The road over into complete failure, which keeps the environment and its measures, with what it loses.
 *
 * @param target RFC 3339, UTC: the moment to go back to, since later backups hold what was to be undone; null for the newest
 * @param because what was found, for the other run
 */
export async function rebuildElsewhere(target: string | null, because: string): Promise<WaysOn> {
  const until = target ?? new Date().toISOString();
  const { newest, without } = await CancellationScope.withTimeout(searchMs, () => newestOwnBackup(until));
  const end = target === null ? 'now' : `the target ${utc(target)}`;
  return {
    facts: [
      {
        label: 'EXTRA LOSS',
        value:
          newest === null
            ? `of going over into complete failure: unknown; no own backup${target === null ? '' : ' from before the target'} was found: ${without.join('; ')}`
            : `of going over into complete failure: everything committed in the ${duration(Date.parse(until) - Date.parse(newest.snapshotAt))} from ${utc(newest.snapshotAt)} (own backup ${newest.key} at ${newest.location}) to ${end}`,
      },
    ],
    goesOver: {
      to: 'complete-failure',
      because,
      ...(target === null ? {} : { backup: { kind: 'not-after', moment: target } as const }),
      leadsTo: `rebuilds production elsewhere from the newest own backup${target === null ? '' : ' before the target'}; what this run has in force stays so for the old production, and users are moved only after another approval`,
    },
  };
}
