import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WorkflowNotFoundError } from '@temporalio/client';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { expect, vi } from 'vitest';
import { createFolderStore } from '../../../../activities/adapters/folder-store/index.ts';
import { createSmtpMailer } from '../../../../activities/adapters/smtp/index.ts';
import { createTemporalOrchestrator } from '../../../../activities/adapters/temporal/index.ts';
import { locateTemporal } from '../../../../activities/adapters/toolbox/index.ts';
import { createHttpWebhook } from '../../../../activities/adapters/webhook/index.ts';
import { createAlertingActivities } from '../../../../activities/alerting/index.ts';
import { createCoordinationActivities } from '../../../../activities/coordination/index.ts';
import { createGovernanceActivities } from '../../../../activities/governance/index.ts';
import { createIncidentActivities } from '../../../../activities/incidents/index.ts';
import { diagnose } from '../../../../activities/monitoring/diagnose.ts';
import { createNotificationActivities } from '../../../../activities/notification/index.ts';
import { ActivityInterceptor } from '../../../../worker/activity-interceptor.ts';
import { bundleWorkflows } from '../../../../worker/bundle.ts';
import type { AnswerKind, DecisionRecord, OpenDecision } from '../../../../workflows/contracts/decisions.ts';
import { answerSignals, statusQuery } from '../../../../workflows/contracts/messages.ts';
import {
  type MonitorOrder,
  type MonitorStatus,
  monitorQuery,
  monitorWorkflowId,
  type OrderVerdict,
} from '../../../../workflows/contracts/monitor.ts';
import type { Evidence, Incident, SignalName } from '../../../../workflows/contracts/monitoring.ts';
import {
  type RunnableScenario,
  recoveryWorkflowId,
  taskQueue,
} from '../../../../workflows/contracts/names.ts';
import type { RecoveryReport } from '../../../../workflows/contracts/report.ts';
import type { RecoveryStatus } from '../../../../workflows/contracts/status.ts';
import { unreachableDatabase } from '../../../client/operations/peer/environment.ts';
import { terminal } from '../../../client/peer/terminal.ts';
import { sandboxPolicy } from '../../../sandbox/policy.ts';
import { startSandboxSmtp } from '../../../sandbox/smtp/index.ts';
import { startSandboxTemporal } from '../../../sandbox/temporal/index.ts';
import { startWebhookReceiver } from '../webhook-receiver.ts';
import { act, observe, productionOf } from './production.ts';

/** Waits until a check does not throw any more, and gives what it returns. */
export function eventually<T>(check: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(check, { timeout: 150_000, interval: 50 });
}

/**
 * The real monitor, engine and alerts with a real Temporal, mail server and webhook; what is seen of a production, and
 * what recoveries do to it, is as the test says. Environments are apart from each other.
 */
export async function startMonitoringWorld() {
  Runtime.install({
    logger: new DefaultLogger('ERROR'),
    telemetryOptions: { logging: { filter: 'ERROR' } },
  });
  const folder = await mkdtemp(join(tmpdir(), 'dr-monitor-'));
  const [workflowBundle, temporal, smtp, webhook] = await Promise.all([
    bundleWorkflows(new DefaultLogger('ERROR'), fileURLToPath(new URL('workflows.ts', import.meta.url))),
    locateTemporal().then(({ path }) => startSandboxTemporal({ folder, program: path })),
    startSandboxSmtp(),
    startWebhookReceiver(),
  ]);
  const orchestrator = createTemporalOrchestrator({ connectionOptions: { address: temporal.address } });
  const mailer = createSmtpMailer({ url: smtp.url, from: 'dr@vendhub.test' });
  const hooked = createHttpWebhook({ url: webhook.url });
  const root = join(folder, 'records');
  await mkdir(root);
  const store = createFolderStore({ root });
  const governance = createGovernanceActivities({ policy: sandboxPolicy, environment: 'any' });
  const coordination = createCoordinationActivities({
    ...orchestrator,
    policy: { schedules: [], pollEveryMs: 50 },
  });
  const worker = await Worker.create({
    connection: temporal.environment.nativeConnection,
    taskQueue,
    workflowBundle,
    activities: {
      ...governance,
      admit: (request: Parameters<typeof governance.admit>[0]) =>
        governance.admit({ ...request, environment: 'any' }),
      act,
      observe,
      diagnose: async ({ evidence }: { readonly evidence: readonly Evidence[] }) => diagnose(evidence),
      ...createIncidentActivities({ store }),
      ...createAlertingActivities({ store, webhook: hooked }),
      ...coordination,
      ...createNotificationActivities({
        mailer,
        database: unreachableDatabase,
        messageIdDomain: 'vendhub.test',
      }),
      putReport: async () => ({ keys: [] }),
    },
    interceptors: { activity: [(context) => ({ inbound: new ActivityInterceptor(context, []) })] },
    shutdownForceTime: '15 seconds',
  });
  const running = worker.run();
  const { client } = temporal.environment;

  /** One environment, watched. */
  const watch = async (environment: string) => {
    const production = productionOf(environment);
    const startMonitor = () =>
      client.workflow.execute('keepMonitor', {
        taskQueue,
        workflowId: `keep-${environment}-${randomUUID()}`,
        args: [{ environment, startedBy: 'schedule' }],
      });
    await startMonitor();
    const monitor = client.workflow.getHandle(monitorWorkflowId(environment));
    const recovery = client.workflow.getHandle<() => Promise<RecoveryReport>>(
      recoveryWorkflowId(environment),
    );
    const status = (): Promise<MonitorStatus> => monitor.query(monitorQuery);
    const recoveryStatus = async (): Promise<RecoveryStatus | null> => {
      try {
        return await recovery.query(statusQuery);
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return null;
        throw error;
      }
    };
    return {
      ...production,
      monitor,
      recovery,
      /** Whether operations stand back. */
      isHeld: () => coordination.recoveryRunning({ environment }),
      /** Starts a monitor whose runs are short. */
      startShortRuns: () =>
        client.workflow.start('monitor', {
          taskQueue,
          workflowId: monitorWorkflowId(environment),
          workflowIdConflictPolicy: 'TERMINATE_EXISTING',
          args: [{ environment, runMs: 200 }],
        }),
      /** Puts a run in the monitor's place whose code no worker has. */
      breakMonitor: async () => {
        await monitor.terminate('for the test');
        await client.workflow.start('noSuchMonitor', {
          taskQueue,
          workflowId: monitorWorkflowId(environment),
        });
      },
      startMonitor,
      status,
      recoveryStatus,
      break: (signal: SignalName, scenario: RunnableScenario | null) =>
        void production.troubles.set(signal, scenario),
      mend: (...signals: SignalName[]) => {
        for (const signal of signals) production.troubles.delete(signal);
      },
      /** Keeps a recovery from doing something until the answer is called. */
      hold: (what: string): (() => void) => {
        let release: () => void = () => undefined;
        const released = new Promise<void>((resolve) => {
          release = resolve;
        });
        production.held.set(what, released);
        return release;
      },
      /** Starts a recovery as a person does. */
      startByHand: (workflow: 'dataLoss' | 'applicationCrash') =>
        client.workflow.start(workflow, {
          taskQueue,
          workflowId: recoveryWorkflowId(environment),
          args: [{ environment, startedBy: 'oncall', reason: 'seen', incidentAt: null, target: null }],
        }),
      order: async (order: MonitorOrder): Promise<OrderVerdict> => {
        await orchestrator.monitor.give(environment, order);
        return eventually(async () => {
          const verdict = (await status()).verdicts.find(({ id }) => id === order.id);
          return verdict ?? expect.unreachable(`no verdict on ${order.kind}`);
        });
      },
      proposed: (scenario: RunnableScenario): Promise<OpenDecision> =>
        eventually(async () => {
          const now = await recoveryStatus();
          return now?.open?.kind === 'start' && now.scenario === scenario
            ? now.open
            : expect.unreachable(`not proposed: ${now?.scenario} ${now?.phase}`);
        }),
      answer: async (kind: AnswerKind, open: OpenDecision, by = 'admin'): Promise<DecisionRecord> => {
        const id = randomUUID();
        await recovery.signal(answerSignals[kind], { by, id, decision: open.id, reason: 'because' });
        return eventually(async () => {
          const record = (await recoveryStatus())?.decisions.find((decision) => decision.id === id);
          return record ?? expect.unreachable(`no verdict on ${kind}`);
        });
      },
      /** Every incident that was stored, oldest first. */
      incidents: async (): Promise<Incident[]> => {
        const at = join(root, 'monitor', environment, 'incidents');
        const names = await readdir(at).catch(() => []);
        const texts = await Promise.all(names.sort().map((name) => readFile(join(at, name), 'utf8')));
        return texts.map((text) => JSON.parse(text));
      },
      subjects: () =>
        smtp
          .messages()
          .filter(
            ({ to, subject }) => to.includes('admin@vendhub.local') && subject.includes(`[${environment}]`),
          )
          .map(({ subject }) => subject.replace(`[${environment}] `, '')),
      /** Mail and webhook go out beside each other: the one may come after the other. */
      mailText: (subject: string): Promise<string> =>
        eventually(() => {
          const mail = smtp.messages().find((each) => each.subject === `[${environment}] ${subject}`);
          return mail?.text ?? expect.unreachable(`no mail ${subject}`);
        }),
      posts: () =>
        webhook.posts
          .filter((text) => text.startsWith(`[${environment}]`))
          .map((text) => text.split('\n')[0]?.replace(`[${environment}] `, '')),
    };
  };

  return {
    /** Runs a command of `dr`. */
    dr: terminal(temporal.environment).dr,
    client,
    watch,
    async stop() {
      try {
        // A monitor never ends by itself.
        for await (const { workflowId } of client.workflow.list({ query: 'ExecutionStatus = "Running"' })) {
          await client.workflow.getHandle(workflowId).terminate('the tests are over');
        }
        worker.shutdown();
        await running;
        // In one go: a worker for each of them takes longer than the tests.
        const query = 'WorkflowType IN ("monitor", "dataLoss", "applicationCrash", "securityBreach")';
        const histories = client.workflow.list({ query }).intoHistories();
        for await (const { workflowId, error } of Worker.runReplayHistories({ workflowBundle }, histories)) {
          if (error !== undefined) throw new Error(`${workflowId} does not replay`, { cause: error });
        }
      } finally {
        mailer.close();
        await hooked.close();
        await orchestrator.close();
        await Promise.all([smtp.stop(), webhook.stop(), temporal.stop()]);
        await rm(folder, { recursive: true });
      }
    },
  };
}
