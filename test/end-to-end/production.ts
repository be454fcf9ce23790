import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WorkflowNotFoundError } from '@temporalio/client';
import { recoveryWorkflowId } from '../../workflows/contracts/names.ts';
import { type SandboxProduction, startSandbox } from '../sandbox/index.ts';
import type { PolicyPatch } from '../sandbox/policy-patch.ts';
import { bundleWorkflows } from '../sandbox/worker/bundle.ts';
import { type SandboxWorker, startSandboxWorker } from '../sandbox/worker/index.ts';

/** A production, and the worker that recovers it. */
export interface TestProduction {
  readonly sandbox: SandboxProduction;
  /** The worker that was started last. */
  worker(): SandboxWorker;
  /** Starts another worker beside those that live. */
  startWorker(patch?: PolicyPatch): Promise<SandboxWorker>;
  /** Ends every worker but the one that was started last. */
  retireWorkers(): Promise<void>;
  /** Terminates the run that a failed test left behind, so that the next one can be judged by itself. */
  endRun(): Promise<void>;
  /** What all workers wrote to their log so far. */
  workerLog(): Promise<string>;
  stop(): Promise<void>;
}

/** Short waits and few user mails; what is checked stays as it is. */
export const quickPolicy = {
  mail: { userRecipients: 'SELECT email FROM public.users ORDER BY id LIMIT 3' },
  fence: { quietMs: 300, deadlineMs: 20_000 },
  restore: { settleMs: 4_000 },
  health: { watchMs: 500, probeEveryMs: 100, deadlineMs: 30_000 },
  pollEveryMs: 100,
} as const satisfies PolicyPatch;

function noRun(error: unknown): void {
  if (!(error instanceof WorkflowNotFoundError)) throw error;
}

/** How a test's production differs from the usual one. */
interface TestProductionOptions {
  readonly policy?: PolicyPatch;
  /** Variables of the worker, once the sandbox stands; replaces those of the same name. */
  readonly workerEnvironment?: (
    sandbox: SandboxProduction,
  ) => Promise<Readonly<Record<string, string>>> | Readonly<Record<string, string>>;
  readonly restoringDelayMs?: number;
}

/** Starts a sandbox and one worker. What was started is ended when something fails. */
export async function startProduction(options: TestProductionOptions = {}): Promise<TestProduction> {
  const { restoringDelayMs } = options;
  const bundleFolder = await mkdtemp(join(tmpdir(), 'vendhub-bundle-'));
  const removeBundle = () => rm(bundleFolder, { recursive: true, force: true });
  const [started, bundled] = await Promise.allSettled([
    startSandbox(restoringDelayMs === undefined ? {} : { restoringDelayMs }),
    bundleWorkflows(bundleFolder),
  ]);
  if (started.status === 'rejected' || bundled.status === 'rejected') {
    if (started.status === 'fulfilled') await started.value.stop();
    await removeBundle();
    throw started.status === 'rejected' ? started.reason : new Error('The workflows cannot be bundled.');
  }
  const sandbox = started.value;
  const workers: SandboxWorker[] = [];
  const stop = async () => {
    await Promise.all(workers.map((worker) => worker.stop()));
    await sandbox.stop();
    await removeBundle();
  };
  try {
    const changed = (await options.workerEnvironment?.(sandbox)) ?? {};
    const startWorker = async (patch: PolicyPatch = options.policy ?? quickPolicy) => {
      const worker = await startSandboxWorker({
        folder: sandbox.folder,
        environment: {
          ...sandbox.environment,
          ...changed,
          DR_WORKFLOW_BUNDLE: bundled.value,
          DR_SANDBOX_POLICY: JSON.stringify(patch),
        },
      });
      workers.push(worker);
      return worker;
    };
    await startWorker();
    return {
      sandbox,
      worker: () => {
        const worker = workers.at(-1);
        if (worker === undefined) throw new Error('No worker was started.');
        return worker;
      },
      startWorker,
      retireWorkers: async () => {
        await Promise.all(workers.splice(0, workers.length - 1).map((worker) => worker.stop()));
      },
      endRun: async () => {
        const { workflow } = sandbox.temporal.environment.client;
        await workflow.getHandle(recoveryWorkflowId('sandbox')).terminate('the test is over').catch(noRun);
      },
      workerLog: () => readFile(join(sandbox.folder, 'worker.log'), 'utf8'),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
