import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { composeActivities } from '../../worker/compose.ts';
import { readConfiguration } from '../../worker/configuration.ts';
import type { TargetRequest } from '../../workflows/contracts/recovery-point.ts';
import { Recovery } from '../end-to-end/recovery.ts';
import { damage } from '../end-to-end/truth.ts';
import type { SandboxProduction } from '../sandbox/index.ts';
import { sandboxPolicy } from '../sandbox/policy.ts';
import { type PolicyPatch, patchPolicy } from '../sandbox/policy-patch.ts';
import { bundleWorkflows } from '../sandbox/worker/bundle.ts';
import { startSandboxWorker } from '../sandbox/worker/index.ts';
import { recoverByHand } from './by-hand.ts';

/** No question but the one gate, so that both roads do the same work; the waits are the sandbox's usual ones. */
const patch: PolicyPatch = { mail: { userRecipients: '' }, restore: { confirmBeforeResume: false } };

/** One measurement of each road, ms. */
export interface Pair {
  readonly byHandMs: number;
  readonly runbookMs: number;
  /** In the runbook, not part of `runbookMs`. */
  readonly waitedForPeopleMs: number;
}

/** Recovers the same production by both roads, alternating which goes first. */
export async function measurePairs(
  sandbox: SandboxProduction,
  pairs: number,
  onPair: (pair: Pair) => void,
): Promise<void> {
  const policy = patchPolicy(sandboxPolicy, patch);
  const { activities, close } = composeActivities(
    readConfiguration(sandbox.environment),
    policy,
    { connectionOptions: { address: sandbox.temporal.address }, namespace: 'default' },
    new AbortController().signal,
  );
  const bundle = await temporaryBundle();
  const worker = await startSandboxWorker({
    folder: sandbox.folder,
    environment: {
      ...sandbox.environment,
      DR_WORKFLOW_BUNDLE: bundle.path,
      DR_SANDBOX_POLICY: JSON.stringify(patch),
    },
  });
  const byHand = async () => {
    const target = await newTarget(sandbox);
    const begun = performance.now();
    await recoverByHand({ activities, policy, environment: 'by-hand', target });
    return performance.now() - begun;
  };
  const runbook = async () => {
    const target = await newTarget(sandbox);
    const begun = performance.now();
    const recovery = await Recovery.start(sandbox, { target });
    await recovery.approve();
    const { waitedForPeopleMs } = await recovery.result();
    return { runbookMs: performance.now() - begun - waitedForPeopleMs, waitedForPeopleMs };
  };
  try {
    await byHand();
    for (let pair = 0; pair < pairs; pair += 1) {
      if (pair % 2 === 0) {
        const byHandMs = await byHand();
        onPair({ byHandMs, ...(await runbook()) });
      } else {
        const measured = await runbook();
        onPair({ byHandMs: await byHand(), ...measured });
      }
    }
  } finally {
    await worker.stop();
    await bundle.remove();
    await close();
  }
}

/** Damages the data anew and gives the moment before. */
async function newTarget(sandbox: SandboxProduction): Promise<TargetRequest> {
  const { moment } = await damage(sandbox, 'UPDATE public.products SET price_cents = 1');
  return { kind: 'just-before', moment };
}

/** How long a worker takes from the start of its process until it polls, ms. */
export async function measureWorkerStarts(sandbox: SandboxProduction, times: number) {
  const bundle = await temporaryBundle();
  const start = async (variables: Readonly<Record<string, string>>) => {
    const begun = performance.now();
    const environment = { ...sandbox.environment, ...variables };
    const worker = await startSandboxWorker({ folder: sandbox.folder, environment });
    const ms = performance.now() - begun;
    await worker.stop();
    return ms;
  };
  const withBundle: number[] = [];
  const without: number[] = [];
  try {
    for (let time = 0; time < times; time += 1) {
      withBundle.push(await start({ DR_WORKFLOW_BUNDLE: bundle.path }));
      without.push(await start({}));
    }
  } finally {
    await bundle.remove();
  }
  return { withBundle, without };
}

async function temporaryBundle() {
  const folder = await mkdtemp(join(tmpdir(), 'vendhub-bench-'));
  return {
    path: await bundleWorkflows(folder),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
