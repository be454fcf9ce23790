import { config } from 'dotenv';
import { DrError } from '../activities/errors.ts';
import { readConfiguration } from './configuration.ts';
import { policy } from './policy.ts';
import { runWorker } from './run.ts';

config({ quiet: true });

try {
  await runWorker(readConfiguration(process.env), policy, (address) => {
    console.error(
      `The worker polls Temporal at ${address}. Stop it with Ctrl-C; running recoveries go on with the next.`,
    );
  });
} catch (error) {
  console.error(error instanceof DrError ? error.message : `The worker stopped: ${String(error)}`);
  process.exitCode = error instanceof DrError && error.type === 'configuration-invalid' ? 2 : 1;
}
