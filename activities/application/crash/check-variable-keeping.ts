import type { VariableKeeping } from '../../../workflows/contracts/crash.ts';
import { DrError } from '../../errors.ts';
import { newAuthentication } from '../../vault/signed-document.ts';
import type { CrashDependencies } from './dependencies.ts';

/**
 * Finds out, before anything is changed, whether variables can be kept over a rollback: that they cannot is a finding,
 * since a restart may heal the crash without one. Writes nothing.
 */
export async function checkVariableKeeping({
  keyring,
}: Pick<CrashDependencies, 'keyring'>): Promise<VariableKeeping> {
  try {
    await newAuthentication(keyring);
    return { possible: true, why: null };
  } catch (error) {
    if (!(error instanceof DrError)) throw error;
    return { possible: false, why: error.explanation.happened };
  }
}
