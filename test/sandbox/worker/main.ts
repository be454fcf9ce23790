import { readConfiguration } from '../../../worker/configuration.ts';
import { runWorker } from '../../../worker/run.ts';
import { sandboxPolicy } from '../policy.ts';

/** The production worker with the sandbox's policy, in a process of its own that tests can kill and stop. */
await runWorker(readConfiguration(process.env), sandboxPolicy, () => process.stdout.write('ready\n'));
