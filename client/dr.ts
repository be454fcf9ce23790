import { readEnvironment } from './configuration.ts';
import { runDr } from './program.ts';

/** What a shell expects of a program that SIGINT ended; given at the second Ctrl-C. */
const interruptedExitCode = 130;

for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // The reader of a pipe went away, as `head` does: nothing is left to say.
    if (error.code === 'EPIPE') process.exit();
    throw error;
  });
}

process.exitCode = await runDr(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  environment: readEnvironment(process.env, process.cwd()),
  now: () => new Date(),
  connect: async (environment) => (await import('./connection.ts')).connectToTemporal(environment),
  interruption: () => {
    const controller = new AbortController();
    process.on('SIGINT', () => {
      if (controller.signal.aborted) process.exit(interruptedExitCode);
      controller.abort();
    });
    return controller.signal;
  },
});
