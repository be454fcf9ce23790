import type { KeptVariables } from '../../../workflows/contracts/crash.ts';
import type { CrashDependencies } from './dependencies.ts';
import { markVariable, sealVariables, unsealVariables } from './sealed-variables.ts';

/** What {@link keepVariables} takes. */
export interface KeepVariablesInput {
  /** Of the object in the store; the same in every attempt, and for every rollback of a run. */
  readonly key: string;
}

/**
 * Keeps the variables of the service, sealed, in the store before a rollback brings older ones. What was kept first
 * stays: after a rollback a later attempt would keep the wrong ones.
 *
 * @throws DrError the `provider-*` errors, `store-unavailable` (retried), `store-refused`
 */
export async function keepVariables(
  { platform, store, sealingSecret }: CrashDependencies,
  { key }: KeepVariablesInput,
): Promise<KeptVariables> {
  // Read in this order, an attempt that was frozen in between never keeps those that a rollback brought.
  const now = await platform.variables();
  const before = await store.getText(key);
  const variables = before === undefined ? now : unsealVariables(before, sealingSecret);
  if (before === undefined) {
    await store.putText(key, sealVariables(now, sealingSecret), 'application/json');
  }
  return {
    key,
    variables: Object.entries(variables)
      .map(([name, value]) => ({ name, mark: markVariable(name, value, sealingSecret) }))
      .sort((a, b) => a.name.localeCompare(b.name)),
  };
}
