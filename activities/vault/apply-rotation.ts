import type { RotationPlan } from '../../workflows/contracts/retention.ts';
import { DrError } from '../errors.ts';
import type { ErasableObjectStore } from '../ports.ts';
import { backupKinds, manifestKey } from './backup-name.ts';
import { listBackups } from './list-backups.ts';
import { describeFailure, type LocationFailure, type VaultWork } from './location.ts';

/** What a rotation did. */
export interface RotationResult {
  readonly removed: readonly string[];
  /** What the store holds on to (Object Lock, rights) or did not answer for; the next rotation tries again. */
  readonly refused: readonly { readonly key: string; readonly failure: LocationFailure }[];
}

/**
 * Removes exactly what a plan says. Safe to repeat: what an earlier try has removed is passed over. When it is stopped,
 * it ends before the next one.
 *
 * @returns what was removed, and what the store refused: reported, not tried again
 * @throws DrError `input-invalid` (not retried) when the listing is another than the one that was planned for;
 *   `store-unavailable` (retried) or `store-refused` when it cannot be listed
 */
export async function applyRotation(
  store: ErasableObjectStore,
  plan: RotationPlan,
  work: VaultWork,
): Promise<RotationResult> {
  await requireSameListing(store, plan);
  const removed: string[] = [];
  const refused: { key: string; failure: LocationFailure }[] = [];
  for (const { key } of plan.remove) {
    work.signal.throwIfAborted();
    work.progress(`removing ${key}`, removed.length);
    try {
      await removeBackup(store, key);
      removed.push(key);
    } catch (error) {
      refused.push({ key, failure: describeFailure(error) });
    }
  }
  return { removed, refused };
}

async function requireSameListing(store: ErasableObjectStore, plan: RotationPlan): Promise<void> {
  const listed = new Map((await listBackups(store, backupKinds)).map(({ key, bytes }) => [key, bytes]));
  const planned = new Map([...plan.keep, ...plan.remove].map(({ key, bytes }) => [key, bytes]));
  const changed = [
    ...[...listed].filter(([key, bytes]) => planned.get(key) !== bytes).map(([key]) => key),
    ...plan.keep.map(({ key }) => key).filter((key) => !listed.has(key)),
  ];
  const kept = new Set(plan.keep.map(({ key }) => key));
  const both = plan.remove.map(({ key }) => key).filter((key) => kept.has(key));
  if (changed.length === 0 && both.length === 0) return;
  throw new DrError('input-invalid', {
    happened: `The backups are not those that the rotation was planned for (${[...changed, ...both].slice(0, 3).join(', ')}).`,
    meaning: 'Nothing was removed.',
    next: 'Plan the rotation again.',
  });
}

/**
 * The manifest goes first: a try that breaks off leaves an object that is no backup, never a manifest without its object.
 * When the store then refuses the object, it is made a backup again.
 */
async function removeBackup(store: ErasableObjectStore, key: string): Promise<void> {
  const manifest = await store.getText(manifestKey(key));
  await store.remove(manifestKey(key));
  try {
    await store.remove(key);
  } catch (error) {
    if (manifest !== undefined) await store.putText(manifestKey(key), manifest, 'application/json');
    throw error;
  }
}
