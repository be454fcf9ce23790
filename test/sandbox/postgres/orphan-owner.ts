import { locatePostgres } from '../../../activities/adapters/toolbox/index.ts';
import { startSandboxPostgres } from './index.ts';

/** The owner that `lifecycle.test.ts` kills: makes a cluster, says the server's process id and lives on. */
const { path: binFolder } = await locatePostgres();
const cluster = await startSandboxPostgres({ folder: process.argv[2] ?? '', binFolder });
process.stdout.write(String(cluster.processId()));
setInterval(() => undefined, 60_000);
