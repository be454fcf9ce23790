import type { OperationCheck } from '../../workflows/contracts/operations.ts';
import type { RotationPlan } from '../../workflows/contracts/retention.ts';
import { applyRotation, type RotationResult } from './apply-rotation.ts';
import { checkConfigurations } from './check-configurations.ts';
import type { VaultWriting } from './dependencies.ts';
import { heartbeating } from './heartbeating.ts';
import { type ListedBackup, listBackups } from './list-backups.ts';
import { listEverywhere } from './list-everywhere.ts';
import { requireLocation } from './location.ts';
import { type NewestVerified, newestVerified } from './newest-verified.ts';
import { planAtLocation } from './plan-at-location.ts';
import type { RotationPolicy } from './rotation-plan.ts';
import { type StoreBackupInput, type StoreBackupResult, storeBackup } from './store-backup.ts';
import {
  type ConfigurationOutcome,
  type ConfigurationSource,
  storeConfiguration,
} from './store-configuration.ts';
import { type ValidationPolicy, validateBackups } from './validate-backups.ts';
import { verifyContent } from './verify-backup.ts';

/** Activities that keep backups. Each heartbeats every second with what it does, and stops when it is cancelled. */
export function createVaultActivities(deps: VaultWriting & ConfigurationSource) {
  const readingOf = (location: string) => ({
    store: requireLocation(deps.locations, location).store,
    keyring: deps.keyring,
  });
  return {
    /** See {@link storeBackup}. */
    storeBackup: (input: StoreBackupInput): Promise<StoreBackupResult> =>
      heartbeating((work) => storeBackup(deps, input, work)),

    /** Names of the locations, in their order; the first is read from where one suffices. */
    locationNames: async (): Promise<readonly string[]> => deps.locations.map(({ name }) => name),

    /** Lists the backups at one location, newest first, see {@link listBackups}. */
    listBackups: (input: { readonly location: string }): Promise<readonly ListedBackup[]> =>
      listBackups(readingOf(input.location).store),

    /** See {@link listEverywhere}. */
    listEverywhere: (input: { readonly limit: number }): ReturnType<typeof listEverywhere> =>
      heartbeating((work) => listEverywhere(deps, input, work)),

    /** Reads all of one backup, see {@link verifyContent}; tells what it holds. */
    verifyBackup: (input: {
      readonly location: string;
      readonly key: string;
    }): Promise<{ readonly key: string; readonly bytes: number; readonly snapshotAt: string }> =>
      heartbeating(async (work) => {
        const { key, object, content } = await verifyContent(readingOf(input.location), input.key, work);
        return { key, bytes: object.bytes, snapshotAt: content.snapshotAt };
      }),

    /** See {@link newestVerified}. */
    newestVerifiedBackup: (input: {
      readonly location: string;
      readonly atOrBefore?: string;
    }): Promise<NewestVerified> =>
      heartbeating((work) =>
        newestVerified(readingOf(input.location), work, { atOrBefore: input.atOrBefore }),
      ),

    /** See {@link planAtLocation}. */
    planBackupRotation: (input: {
      readonly location: string;
      readonly policy: RotationPolicy;
      readonly now: string;
    }): Promise<RotationPlan> => heartbeating((work) => planAtLocation(deps, input, work)),

    /** See {@link applyRotation}. */
    applyBackupRotation: (input: {
      readonly location: string;
      readonly plan: RotationPlan;
    }): Promise<RotationResult> =>
      heartbeating((work) => applyRotation(readingOf(input.location).store, input.plan, work)),

    /** See {@link storeConfiguration}. */
    storeConfiguration: (input: { readonly at: string }): Promise<readonly ConfigurationOutcome[]> =>
      heartbeating((work) => storeConfiguration(deps, input, work)),

    /** See {@link checkConfigurations}. */
    checkConfigurations: (input: {
      readonly now: string;
      readonly freshWithinMs: number;
    }): Promise<readonly OperationCheck[]> => heartbeating((work) => checkConfigurations(deps, input, work)),

    /** See {@link validateBackups}. */
    validateBackups: (input: {
      readonly now: string;
      readonly policy: ValidationPolicy;
    }): Promise<readonly OperationCheck[]> => heartbeating((work) => validateBackups(deps, input, work)),
  };
}

/** The vault activities as a workflow calls them. */
export type VaultActivities = ReturnType<typeof createVaultActivities>;
