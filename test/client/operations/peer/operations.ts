import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll } from 'vitest';
import { startServer } from '../../peer/server.ts';
import { type Terminal, terminal } from '../../peer/terminal.ts';
import { type OperationsWorker, startOperationsWorker } from './worker.ts';

/** What the tests of a file give commands to; server and worker are there once the first test runs. */
export interface Operations extends Terminal {
  readonly server: TestWorkflowEnvironment;
  readonly worker: OperationsWorker;
}

/** Starts a server and a worker with the real operations before the tests of this file, and stops both after them. */
export function operationsOfThisFile(): Operations {
  let server: TestWorkflowEnvironment;
  let worker: OperationsWorker;
  beforeAll(async () => {
    server = await startServer();
    worker = await startOperationsWorker(server);
  }, 120_000);
  afterAll(async () => {
    await worker?.stop();
    await server?.teardown();
  });
  return {
    dr: (...argv) => terminal(server).dr(...argv),
    get server() {
      return server;
    },
    get worker() {
      return worker;
    },
  };
}
