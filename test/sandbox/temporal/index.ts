import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { searchAttributes } from '../../../workflows/contracts/names.ts';
import { freeServerPort } from '../process/free-port.ts';
import { startTethered } from '../process/tethered-process.ts';

/** A running Temporal dev server. */
export interface SandboxTemporal {
  /** `host:port` of its gRPC API. */
  readonly address: string;
  readonly uiUrl: string;
  readonly environment: TestWorkflowEnvironment;
  stop(): Promise<void>;
}

/** How long the server may take to answer; it takes about 1 s on two cores. */
const startDeadlineMs = 120_000;

/**
 * Starts a Temporal dev server with its Web UI and the search attributes of the runbooks, in memory. When this process
 * dies in whatever way, the server goes with it.
 *
 * @param options.uiPort a free one by default
 */
export async function startSandboxTemporal(options: {
  readonly folder: string;
  readonly program: string;
  readonly uiPort?: number;
}): Promise<SandboxTemporal> {
  const port = await freeServerPort();
  const uiPort = options.uiPort ?? (await freeServerPort());
  const log = await open(join(options.folder, 'temporal.log'), 'a');
  const attributes = Object.values(searchAttributes).flatMap(({ name }) => [
    '--search-attribute',
    `${name}=Keyword`,
  ]);
  const server = startTethered({
    program: [
      options.program,
      ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port), '--ui-port', String(uiPort)],
      ...['--log-level', 'error', ...attributes],
    ],
    folder: options.folder,
    output: log.fd,
    removeAtEnd: [],
  });
  const address = `127.0.0.1:${port}`;
  try {
    const environment = await Promise.race([
      connect(address),
      server.ended.then((code) => {
        throw new Error(
          `The Temporal dev server ended with code ${code}; see ${options.folder}/temporal.log.`,
        );
      }),
    ]);
    return {
      address,
      uiUrl: `http://127.0.0.1:${uiPort}`,
      environment,
      async stop() {
        await environment.teardown();
        await server.stop();
        await log.close();
      },
    };
  } catch (error) {
    await server.stop();
    await log.close();
    throw error;
  }
}

async function connect(address: string): Promise<TestWorkflowEnvironment> {
  const deadline = Date.now() + startDeadlineMs;
  for (;;) {
    try {
      return await TestWorkflowEnvironment.createFromExistingServer({ address });
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
