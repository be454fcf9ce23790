import { readEnvironment } from './configuration.ts';
import { runDr } from './program.ts';

process.exitCode = await runDr(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  environment: readEnvironment(process.env, process.cwd()),
  now: () => new Date(),
  connect: async (environment) => (await import('./connection.ts')).connectToTemporal(environment),
  interruption: () => {
    const controller = new AbortController();
    process.once('SIGINT', () => controller.abort());
    return controller.signal;
  },
});
