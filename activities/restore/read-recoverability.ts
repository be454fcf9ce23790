import type { Recoverability } from '../../workflows/contracts/recovery-point.ts';
import type { RestoreContext } from './dependencies.ts';

/**
 * Reads what the provider can restore to, and which project that is. Changes nothing.
 *
 * @throws DrError `provider-*`
 */
export async function readRecoverability({ platform }: RestoreContext): Promise<Recoverability> {
  const [project, { pitrEnabled, window, backups }] = await Promise.all([
    platform.identity(),
    platform.recoverability(),
  ]);
  return { project, pitrEnabled, window, backups };
}
