import type { RestoredVariables } from '../../../workflows/contracts/crash.ts';
import { DrError } from '../../errors.ts';
import type { CrashDependencies } from './dependencies.ts';
import { openVariables } from './sealed-variables.ts';

/** What {@link setVariablesAgain} takes. */
export interface SetVariablesAgainInput {
  /** Where they were kept. */
  readonly key: string;
  /** Names that were missing or unusable: the rollback's are better. */
  readonly except: readonly string[];
}

/**
 * Sets the variables again that a rollback has replaced, as they were before it. Variables that the rollback brought
 * and that were not there before are left. Deployments take them from the next one on.
 *
 * @returns names only
 * @throws DrError the `provider-*` errors, `store-unavailable` (retried), `store-refused`, `verification-failed` for
 *   altered ones or another passphrase, `configuration-invalid`
 */
export async function setVariablesAgain(
  { platform, store, keyring }: CrashDependencies,
  { key, except }: SetVariablesAgainInput,
): Promise<Pick<RestoredVariables, 'setAgain' | 'keptFromRollback'>> {
  const text = await store.getText(key);
  if (text === undefined) throw notKept(key);
  const { variables: kept } = await openVariables(text, key, keyring);
  const now = await platform.variables();
  const replaced = Object.entries(kept).filter(
    ([name, value]) => now[name] !== value && !except.includes(name),
  );
  if (replaced.length > 0) await platform.setVariables(Object.fromEntries(replaced));
  return {
    setAgain: replaced.map(([name]) => name).sort(),
    keptFromRollback: Object.keys(now)
      .filter((name) => kept[name] === undefined || (except.includes(name) && kept[name] !== now[name]))
      .sort(),
  };
}

function notKept(key: string): DrError {
  return new DrError('store-refused', {
    happened: `There is no object ${key} in the store.`,
    meaning:
      'The variables as they were before the rollback are not known; those of the rollback are in force.',
    next: 'Set the variables in the platform’s dashboard as they should be, then skip this step.',
  });
}
