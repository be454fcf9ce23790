import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFolderStore } from '../../../../activities/adapters/folder-store/index.ts';
import { createHttpProbe } from '../../../../activities/adapters/http-probe/index.ts';
import { createPostgresDatabase } from '../../../../activities/adapters/postgres/index.ts';
import { createRailwayPlatform } from '../../../../activities/adapters/railway/index.ts';
import { createCrashActivities } from '../../../../activities/application/crash/index.ts';
import type { Keyring } from '../../../../activities/vault/keyring.ts';
import { startTestRailway } from '../../../sandbox/railway/test-railway.ts';
import { keyringOf } from '../../vault/world.ts';

export { attempt } from '../production.ts';

/** VendHub in the sandbox, where a crash is final at once, and the activities of a crash in front of it. */
export async function startProduction() {
  const sandbox = await startTestRailway({ buildMs: 20, deployMs: 10, maxRestarts: 0 });
  const { endpoint, token, ids, applicationUrl, service, calls } = sandbox.railway;
  const folder = await mkdtemp(join(tmpdir(), 'vendhub-crash-'));
  const platform = createRailwayPlatform({
    endpoint,
    token: { kind: 'bearer', value: token },
    ...ids,
    timeoutMs: 10_000,
  });
  const store = createFolderStore({ root: folder });
  const workerWith = (keyring: Keyring) => ({
    activities: createCrashActivities({
      platform,
      probe: createHttpProbe({ healthUrl: `${applicationUrl}/health`, timeoutMs: 10_000 }),
      pollEveryMs: 20,
      database: createPostgresDatabase({ connectionString: sandbox.operatorUrl }),
      store,
      keyring,
    }),
  });
  return {
    ...sandbox,
    platform,
    ...workerWith(keyringOf()),
    /** A worker with another passphrase, or with none. */
    workerWith,
    store,
    /** How often this operation changed something at the platform. */
    changes: (operation: string) => calls.all(operation).filter(({ ran }) => ran).length,
    activeId: () => String(service.active()?.id),
    /** The application healthy on a fresh deployment of a version that behaves, with its own variables. */
    async heal(variables: Readonly<Record<string, string>> = {}) {
      sandbox.railway.faults.clear();
      await service.settled();
      service.setVariables(
        { DATABASE_URL: sandbox.applicationUrl, ...variables },
        { skipDeploys: true, replace: true },
      );
      const healthy = service.deploy({ version: 'v2', variables: service.variables, build: false });
      await service.settled();
      return healthy.id;
    },
    async stop() {
      await sandbox.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
