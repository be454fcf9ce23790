import type { RestoreContext } from './dependencies.ts';

/**
 * Reads who may connect to the database: what lowering the fence puts back.
 *
 * @throws DrError `provider-*`
 */
export async function readNetworkRestrictions({
  platform,
}: RestoreContext): Promise<{ readonly allowedCidrs: readonly string[] }> {
  const { allowedCidrs } = await platform.networkRestrictions();
  return { allowedCidrs };
}
