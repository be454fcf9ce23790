import type { KeptVariables } from '../../../workflows/contracts/crash.ts';
import type { CrashDependencies } from './dependencies.ts';
import { openVariables, sealVariables } from './sealed-variables.ts';

/** What {@link keepVariables} takes. */
export interface KeepVariablesInput {
  /** Of the object in the store; the same in every attempt, and for every rollback of a run. */
  readonly key: string;
}

/**
 * Keeps the variables of the service, sealed, in the store before a rollback brings older ones. What was kept first
 * stays: after a rollback a later attempt would keep the wrong ones.
 *
 * @throws DrError `configuration-invalid` (not retried) before anything was written where there is no passphrase; the
 *   `provider-*` errors, `store-unavailable` (retried), `store-refused`, `verification-failed` (not retried)
 */
export async function keepVariables(
  { platform, store, keyring }: CrashDependencies,
  { key }: KeepVariablesInput,
): Promise<KeptVariables> {
  // Read in this order, an attempt that was frozen in between never keeps those that a rollback brought.
  const now = await platform.variables();
  const before = await store.getText(key);
  const document = before ?? (await sealVariables(now, key, keyring));
  const { variables, mark } = await openVariables(document, key, keyring);
  if (before === undefined) await store.putText(key, document, 'application/json');
  return {
    key,
    variables: Object.entries(variables)
      .map(([name, value]) => ({ name, mark: mark(name, value) }))
      .sort((a, b) => a.name.localeCompare(b.name)),
  };
}
