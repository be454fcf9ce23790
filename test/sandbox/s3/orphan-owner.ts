import { locateSeaweed } from '../../../activities/adapters/toolbox/index.ts';
import { startSandboxS3 } from './index.ts';

/** The owner that `s3.test.ts` kills: starts a server, says its endpoint and lives on. */
const { path: weedProgram } = await locateSeaweed();
const { endpoint } = await startSandboxS3({ folder: process.argv[2] ?? '', weedProgram });
process.stdout.write(endpoint);
setInterval(() => undefined, 60_000);
