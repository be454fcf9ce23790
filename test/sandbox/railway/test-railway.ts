import { startTestVendHubDatabase } from '../vendhub/test-vendhub.ts';
import { type SandboxRailwayOptions, startSandboxRailway } from './index.ts';

/** VendHub on a Railway and a cluster of a test's own. */
export async function startTestRailway(options: Partial<SandboxRailwayOptions> = {}) {
  const database = await startTestVendHubDatabase();
  try {
    const railway = await startSandboxRailway({
      variables: { DATABASE_URL: database.applicationUrl, ...options.variables },
      ...options,
    });
    const stop = async () => {
      await railway.stop();
      await database.cluster.dispose();
    };
    return { ...database, railway, stop };
  } catch (error) {
    await database.cluster.dispose();
    throw error;
  }
}
