import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { WorkflowHandle } from '@temporalio/client';
import { DefaultLogger, Runtime, Worker, type WorkflowBundlePath } from '@temporalio/worker';
import { expect, vi } from 'vitest';
import { locateTemporal } from '../../../../activities/adapters/toolbox/index.ts';
import { DrError } from '../../../../activities/errors.ts';
import { createGovernanceActivities } from '../../../../activities/governance/index.ts';
import { ActivityInterceptor } from '../../../../worker/activity-interceptor.ts';
import type {
  Answer,
  AnswerKind,
  DecisionRecord,
  OpenDecision,
} from '../../../../workflows/contracts/decisions.ts';
import type { RecoveryInput, RepairInput } from '../../../../workflows/contracts/inputs.ts';
import { answerSignals, statusQuery } from '../../../../workflows/contracts/messages.ts';
import type { Policy } from '../../../../workflows/contracts/policy.ts';
import type { RecoveryReport } from '../../../../workflows/contracts/report.ts';
import type { RecoveryStatus } from '../../../../workflows/contracts/status.ts';
import { sandboxPolicy } from '../../../sandbox/policy.ts';
import { type SandboxTemporal, startSandboxTemporal } from '../../../sandbox/temporal/index.ts';
import { bundleWorkflows } from '../../../sandbox/worker/bundle.ts';
import { type Happening, type Record, type Records, worldActivities } from './activities.ts';

/** Everything a test can ask a run and tell it. */
export interface Run {
  readonly handle: WorkflowHandle;
  /** What it did to the outside world, in order; mails are apart. */
  readonly calls: readonly string[];
  readonly mails: Record['mails'];
  status(): Promise<RecoveryStatus>;
  /** Waits until something (of this kind) is asked about this step, and gives what is asked. */
  asked(step: string, kind?: OpenDecision['kind']): Promise<OpenDecision>;
  /** Answers what is open in the way that the `dr` command does; `changes` makes it wrong. Gives the verdict. */
  answer(kind: AnswerKind, changes?: Partial<Answer>): Promise<DecisionRecord>;
  /** Sends any payload and gives the verdict of the answer with this id. */
  send(kind: AnswerKind, payload: Answer): Promise<DecisionRecord>;
  report(): Promise<RecoveryReport>;
}

/** A Temporal server with workers that run the engine on the rehearsals. */
export interface World {
  /**
   * Starts a run.
   *
   * @param options.on what happens when the run does something, by name
   * @param options.policy differences from the sandbox's policy
   */
  start(options?: {
    readonly workflow?: 'rehearsal' | 'restoring' | 'handingOver' | 'offering';
    readonly on?: { readonly [name: string]: Happening };
    readonly policy?: (policy: Policy) => Policy;
    readonly input?: Partial<RecoveryInput> | RepairInput;
  }): Promise<Run>;
  /** The newest execution of a run's workflow id, after a reset. */
  attach(run: Run): Promise<Run>;
  /** Ends everything, after replaying every run: a rehearsal that does not replay fails here. */
  stop(): Promise<void>;
}

/** Waits until a check does not throw any more, and gives what it returns. */
export function eventually<T>(check: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(check, { timeout: 60_000, interval: 100 });
}

/** What a rehearsal is started with unless a test says otherwise. */
export const rehearsalInput: RecoveryInput = {
  environment: 'rehearsal',
  startedBy: 'oncall',
  reason: 'practice',
  incidentAt: null,
  target: { kind: 'at', moment: '2026-01-01T00:00:00Z' },
};

/** Starts the server and bundles the rehearsals; a worker is started for each policy. */
export async function startWorld(): Promise<World> {
  Runtime.install({
    logger: new DefaultLogger('ERROR'),
    telemetryOptions: { logging: { filter: 'ERROR' } },
  });
  const folder = await mkdtemp(join(tmpdir(), 'vendhub-rehearsal-'));
  const [codePath, temporal] = await Promise.all([
    bundleWorkflows(folder, fileURLToPath(new URL('workflows.ts', import.meta.url))),
    locateTemporal().then(({ path }) => startSandboxTemporal({ folder, program: path })),
  ]);
  const workflowBundle = { codePath };
  const records: Records = new Map();
  const workers = new Workers(temporal, workflowBundle, records);
  return {
    async start({ workflow = 'rehearsal', on = {}, policy = (same: Policy) => same, input = {} } = {}) {
      const workflowId = `recovery-${randomUUID()}`;
      const record: Record = { calls: [], mails: [], happenings: new Map(Object.entries(on)) };
      records.set(workflowId, record);
      const handle = await temporal.environment.client.workflow.start(workflow, {
        workflowId,
        taskQueue: await workers.taskQueue(policy(sandboxPolicy)),
        args: ['measures' in input ? input : { ...rehearsalInput, ...input }],
      });
      return run(handle, record);
    },
    async attach({ handle }) {
      const record = records.get(handle.workflowId) ?? expect.unreachable('a run of another world');
      return run(temporal.environment.client.workflow.getHandle(handle.workflowId), record);
    },
    async stop() {
      try {
        await workers.stop();
        for (const workflowId of records.keys()) {
          const { client } = temporal.environment;
          const history = await client.workflow.getHandle(workflowId).fetchHistory();
          await Worker.runReplayHistory({ workflowBundle }, history, workflowId);
        }
      } finally {
        await temporal.stop();
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
}

class Workers {
  private readonly running = new Map<
    string,
    Promise<{ queue: string; worker: Worker; done: Promise<void> }>
  >();
  private readonly temporal: SandboxTemporal;
  private readonly workflowBundle: WorkflowBundlePath;
  private readonly records: Records;

  constructor(temporal: SandboxTemporal, workflowBundle: WorkflowBundlePath, records: Records) {
    this.temporal = temporal;
    this.workflowBundle = workflowBundle;
    this.records = records;
  }

  /** The task queue of a worker with this policy, started when there is none. */
  async taskQueue(policy: Policy): Promise<string> {
    const key = JSON.stringify(policy);
    const running = this.running.get(key) ?? this.run(policy);
    this.running.set(key, running);
    return (await running).queue;
  }

  async stop(): Promise<void> {
    const running = await Promise.all(this.running.values());
    for (const { worker } of running) worker.shutdown();
    await Promise.all(running.map(({ done }) => done));
  }

  private async run(policy: Policy) {
    const queue = randomUUID();
    const worker = await Worker.create({
      connection: this.temporal.environment.nativeConnection,
      taskQueue: queue,
      workflowBundle: this.workflowBundle,
      activities: {
        ...createGovernanceActivities({ policy, environment: 'rehearsal' }),
        ...worldActivities(this.records),
      },
      shutdownForceTime: '3 seconds',
      maxHeartbeatThrottleInterval: '100 milliseconds',
      interceptors: { activity: [(context) => ({ inbound: new ActivityInterceptor(context, []) })] },
    });
    return { queue, worker, done: worker.run() };
  }
}

function run(handle: WorkflowHandle, record: Record): Run {
  const status = () => handle.query(statusQuery);
  const send = async (kind: AnswerKind, payload: Answer) => {
    const id = payload.id ?? randomUUID();
    await handle.signal(answerSignals[kind], { ...payload, id });
    return eventually(async () => {
      const verdict = (await status()).decisions.find((decision) => decision.id === id);
      return verdict ?? expect.unreachable(`no verdict on ${kind}`);
    });
  };
  return {
    handle,
    calls: record.calls,
    mails: record.mails,
    status,
    send,
    asked: (step, kind) =>
      eventually(async () => {
        const { open, steps } = await status();
        return open?.step === step && open.kind === (kind ?? open.kind)
          ? open
          : expect.unreachable(`not asked about ${step}: ${JSON.stringify(steps)}`);
      }),
    async answer(kind, changes = {}) {
      const { open, workflowId, runId } = await status();
      return send(kind, {
        by: 'admin',
        ...(open === null ? {} : { decision: open.id, step: open.step }),
        ...(open?.digest == null ? {} : { digest: open.digest }),
        workflowId,
        runId,
        ...(kind === 'approve' || kind === 'retry' ? {} : { reason: 'because' }),
        ...changes,
      });
    },
    report: () => handle.result(),
  };
}

/** A failure that no retry of Temporal's own helps against. */
export function refusal(): DrError {
  return new DrError('provider-refused', {
    happened: 'The door is stuck.',
    meaning: 'It is still open.',
    next: 'Oil it.',
  });
}
