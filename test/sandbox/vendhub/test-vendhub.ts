import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { locatePostgres } from '../../../activities/adapters/toolbox/index.ts';
import { startSandboxPostgres, temporaryFolderRoot } from '../postgres/index.ts';
import { applicationLocalAddress } from './local-address.ts';
import { provisionVendHub } from './provision.ts';

/** A real cluster of a test's own with VendHub's database on it; the application is not started. */
export async function startTestVendHubDatabase() {
  const { path: binFolder } = await locatePostgres();
  const cluster = await startSandboxPostgres({
    folder: join(await temporaryFolderRoot(), `vendhub-test-${randomUUID()}`),
    binFolder,
    extraListenAddresses: [applicationLocalAddress].filter((address) => address === '::1'),
  });
  try {
    const urls = await provisionVendHub({
      superuserUrl: cluster.connectionString(cluster.superuser, 'postgres'),
      operatorPassword: randomBytes(18).toString('base64url'),
      applicationPassword: randomBytes(18).toString('base64url'),
    });
    return { cluster, ...urls };
  } catch (error) {
    await cluster.dispose();
    throw error;
  }
}
