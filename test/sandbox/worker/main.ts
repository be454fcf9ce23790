import { readConfiguration } from '../../../worker/configuration.ts';
import { runWorker } from '../../../worker/run.ts';
import { sandboxPolicy } from '../policy.ts';
import { patchPolicy, readPolicyPatch } from '../policy-patch.ts';

// A parent that was killed can send no signal; its end of the pipe closes all the same.
process.stdin.on('close', () => process.exit(1)).resume();
process.stdin.unref();

/** The production worker with the sandbox's policy, in a process of its own that tests can kill and stop. */
const policy = patchPolicy(sandboxPolicy, readPolicyPatch(process.env['DR_SANDBOX_POLICY']));
await runWorker(readConfiguration(process.env), policy, () => process.stdout.write('ready\n'));
