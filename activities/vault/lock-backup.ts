import type { ObjectLockMode } from '../../workflows/contracts/policy.ts';
import { type BackupKind, manifestKey } from './backup-name.ts';
import { describeFailure, type LockOutcome, type VaultLocation } from './location.ts';
import { keptUntil, type RotationPolicy } from './rotation-plan.ts';

/** How backups are locked where a store has Object Lock: each until the rotation would let it go. */
export interface BackupLocking {
  readonly mode: ObjectLockMode;
  readonly rotation: RotationPolicy;
}

/**
 * Locks a backup and its manifest at one location.
 *
 * @returns until when both are locked, or why not; null where the store has no Object Lock, or the rotation would let it go already. Does
 *   not throw.
 */
export async function lockBackup(
  { store }: VaultLocation,
  backup: { readonly key: string; readonly kind: BackupKind; readonly at: string },
  { mode, rotation }: BackupLocking,
): Promise<LockOutcome | null> {
  const until = keptUntil(backup, rotation);
  if (until.getTime() <= Date.now()) return null;
  try {
    const locked = await store.lock(backup.key, { until, mode });
    if (locked === null) return null;
    await store.lock(manifestKey(backup.key), { until, mode });
    return { until: locked };
  } catch (error) {
    return { failure: describeFailure(error) };
  }
}
