import type { SandboxProduction } from '../sandbox/index.ts';
import { damagePages } from '../sandbox/postgres/damage-pages.ts';
import { asSuperuser } from './truth.ts';

/**
 * Damages two tables as a failing disk does. A page of zeros in the middle is silent to checksums; the garbage is not.
 *
 * @returns puts the pages back as they were, for a database that was not restored meanwhile
 */
export async function corruptPages(sandbox: SandboxProduction): Promise<() => Promise<void>> {
  const { postgres, superuserUrl } = sandbox;
  await asSuperuser(sandbox, (client) => client.query('VACUUM'));
  const undoZeros = await damagePages(postgres, superuserUrl, 'public.dispense_jobs', [
    { page: 3, with: 'zeros' },
  ]);
  const undoGarbage = await damagePages(postgres, superuserUrl, 'public.sales', [
    { page: 2, with: 'garbage' },
  ]);
  return async () => {
    await undoGarbage();
    await undoZeros();
  };
}
