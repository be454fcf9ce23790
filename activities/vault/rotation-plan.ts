import type { RotationDecision, RotationPlan } from '../../workflows/contracts/retention.ts';
import { type BackupKind, backupKinds } from './backup-name.ts';

/** How many backups are kept. */
export interface RotationPolicy {
  readonly daily: number;
  readonly weekly: number;
  readonly monthly: number;
  /** SQL dumps. */
  readonly sql: number;
  /** How long the half-hourly ones are kept, in ms. */
  readonly recentMs: number;
}

/** The procedure's section 6; two days of half-hourly ones beside it. */
export const procedureRotation: RotationPolicy = {
  daily: 30,
  weekly: 12,
  monthly: 12,
  sql: 12,
  recentMs: 48 * 60 * 60 * 1_000,
};

/**
 * When the rotation will let a backup go, if one of its kind is made each day, week or month.
 *
 * @param backup.at RFC 3339
 */
export function keptUntil(
  { kind, at }: { readonly kind: BackupKind; readonly at: string },
  { daily, weekly, monthly, recentMs }: RotationPolicy,
): Date {
  const until = new Date(at);
  if (kind === 'recent') return new Date(until.getTime() + recentMs);
  if (kind === 'monthly') until.setUTCMonth(until.getUTCMonth() + monthly);
  else until.setUTCDate(until.getUTCDate() + (kind === 'weekly' ? 7 * weekly : daily));
  return until;
}

/** What a plan needs to know of a backup. */
export interface RotatedBackup {
  readonly key: string;
  readonly kind: BackupKind;
  /** RFC 3339, UTC. */
  readonly at: string;
  readonly bytes: number;
}

/**
 * Plans which backups are removed. Days, weeks and months are counted by the backups there are, not by the calendar: when
 * none is made for a while, none is lost for it. Pure.
 *
 * @param backups all that one location lists
 * @param options.newestVerified the key of the newest one known to be whole; without one nothing is removed
 * @param options.now RFC 3339
 */
export function planRotation(
  backups: readonly RotatedBackup[],
  options: { readonly policy: RotationPolicy; readonly newestVerified: string | null; readonly now: string },
): RotationPlan {
  const keep: RotationDecision[] = [];
  const remove: RotationDecision[] = [];
  const known = backups.some(({ key }) => key === options.newestVerified);
  for (const kind of backupKinds) {
    const ofKind = backups
      .filter((backup) => backup.kind === kind)
      .sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
    for (const [index, backup] of ofKind.entries()) {
      const byPolicy = verdict({ kind, at: backup.at }, index, options);
      const held = !byPolicy.keep ? holdReason(backup, index, known, options.newestVerified) : undefined;
      const list = byPolicy.keep || held !== undefined ? keep : remove;
      list.push({ key: backup.key, bytes: backup.bytes, why: held ?? byPolicy.why });
    }
  }
  return { keep, remove };
}

function verdict(
  { kind, at }: { readonly kind: keyof Omit<RotationPolicy, 'recentMs'> | 'recent'; readonly at: string },
  index: number,
  { policy, now }: { readonly policy: RotationPolicy; readonly now: string },
): { readonly keep: boolean; readonly why: string } {
  if (kind === 'recent') {
    const hours = Math.round(policy.recentMs / 3_600_000);
    const keep = Date.parse(now) - Date.parse(at) <= policy.recentMs;
    return { keep, why: `${keep ? 'within' : 'older than'} ${hours} hours` };
  }
  const limit = policy[kind];
  const keep = index < limit;
  return {
    keep,
    why: keep ? `${kind} ${index + 1} of the newest ${limit}` : `older than the newest ${limit} ${kind} ones`,
  };
}

/** Why a backup stays although the policy would let it go. */
function holdReason(
  { key, kind }: RotatedBackup,
  index: number,
  known: boolean,
  newestVerified: string | null,
): string | undefined {
  if (!known) return 'no backup is known to be whole, so none is removed';
  if (key === newestVerified) return 'the newest one known to be whole';
  return index === 0 ? `the last ${kind} one` : undefined;
}
