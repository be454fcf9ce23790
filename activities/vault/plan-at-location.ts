import type { RotationDecision, RotationPlan } from '../../workflows/contracts/retention.ts';
import { type BackupKind, exportKinds, manifestKey } from './backup-name.ts';
import type { VaultReading } from './dependencies.ts';
import { listBackups } from './list-backups.ts';
import { requireLocation, type VaultWork } from './location.ts';
import { newestVerified } from './newest-verified.ts';
import { planRotation, type RotationPolicy } from './rotation-plan.ts';

/**
 * Says what a rotation will remove at one location and why, and why it keeps the others. What the store does not let go
 * of yet (Object Lock) is kept. Removes nothing.
 *
 * @param input.now RFC 3339
 * @throws DrError `input-invalid`, `store-unavailable` (retried) or `store-refused`
 */
export async function planAtLocation(
  { locations, keyring }: VaultReading,
  input: { readonly location: string; readonly policy: RotationPolicy; readonly now: string },
  work: VaultWork,
): Promise<RotationPlan> {
  const { store } = requireLocation(locations, input.location);
  // An export does not stand in for a SQL dump, nor the other way round: each keeps its newest whole one.
  const planFor = async (kinds: readonly BackupKind[]) => {
    const { backup } = await newestVerified({ store, keyring }, work, { kinds });
    const listed = await listBackups(store, kinds);
    return planRotation(listed, { ...input, newestVerified: backup?.key ?? null });
  };
  const plans = [await planFor(exportKinds), await planFor(['sql'])];
  const keep = plans.flatMap((plan) => plan.keep);
  const remove = plans.flatMap((plan) => plan.remove);
  const held: RotationDecision[] = [];
  const free: RotationDecision[] = [];
  for (const decision of remove) {
    work.signal.throwIfAborted();
    work.progress(`looking for a lock on ${decision.key}`, 0);
    const hold = (await store.holdOn(decision.key)) ?? (await store.holdOn(manifestKey(decision.key)));
    if (hold === null) free.push(decision);
    else held.push({ ...decision, why: `${decision.why}, but ${hold}`, held: true });
  }
  return { keep: [...keep, ...held], remove: free };
}
