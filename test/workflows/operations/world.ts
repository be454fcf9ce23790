import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApplicationFailure, WorkflowFailedError } from '@temporalio/client';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { createFolderStore } from '../../../activities/adapters/folder-store/index.ts';
import { createSmtpMailer } from '../../../activities/adapters/smtp/index.ts';
import { createTemporalOrchestrator } from '../../../activities/adapters/temporal/index.ts';
import { locateTemporal } from '../../../activities/adapters/toolbox/index.ts';
import { createHttpWebhook } from '../../../activities/adapters/webhook/index.ts';
import { createAlertingActivities } from '../../../activities/alerting/index.ts';
import { createAttestationActivities } from '../../../activities/attestations/index.ts';
import { createCoordinationActivities } from '../../../activities/coordination/index.ts';
import { listDrillEvidence } from '../../../activities/fingerprint/list-drill-evidence.ts';
import { createNotificationActivities } from '../../../activities/notification/index.ts';
import { createReviewActivities } from '../../../activities/reviews/index.ts';
import { ActivityInterceptor } from '../../../worker/activity-interceptor.ts';
import { parseOperationRecord } from '../../../worker/local/operation-record.ts';
import { renderProcedure } from '../../../worker/local/procedure/render.ts';
import { policy as vendhubPolicy } from '../../../worker/policy.ts';
import { alertWorkflowId } from '../../../workflows/contracts/alerts.ts';
import { taskQueue } from '../../../workflows/contracts/names.ts';
import {
  type OperationKind,
  type OperationName,
  type OperationRecord,
  operationWorkflows,
} from '../../../workflows/contracts/operations.ts';
import type { Policy } from '../../../workflows/contracts/policy.ts';
import { runbooks } from '../../../workflows/scenarios/index.ts';
import { unreachableDatabase } from '../../client/operations/peer/environment.ts';
import { startSandboxSmtp } from '../../sandbox/smtp/index.ts';
import { startSandboxTemporal } from '../../sandbox/temporal/index.ts';
import { bundleWorkflows } from '../../sandbox/worker/bundle.ts';
import { type BackupsWork, backupsThat } from './backups.ts';
import { UploadsWork } from './uploads-work.ts';
import { startWebhookReceiver } from './webhook-receiver.ts';

/**
 * The real operations and alerts with a real Temporal, mail server, webhook and store of records; what keeps backups does
 * as the test says. Environments are apart from each other.
 */
export async function startOperationsWorld() {
  Runtime.install({
    logger: new DefaultLogger('ERROR'),
    telemetryOptions: { logging: { filter: 'off', forward: {} } },
  });
  const folder = await mkdtemp(join(tmpdir(), 'dr-alerts-'));
  const [codePath, temporal, smtp, webhook] = await Promise.all([
    bundleWorkflows(folder),
    locateTemporal().then(({ path }) => startSandboxTemporal({ folder, program: path })),
    startSandboxSmtp(),
    startWebhookReceiver(),
  ]);
  const workflowBundle = { codePath };
  const orchestrator = createTemporalOrchestrator({ connectionOptions: { address: temporal.address } });
  const mailer = createSmtpMailer({ url: smtp.url, from: 'dr@vendhub.test' });
  const hooked = createHttpWebhook({ url: webhook.url });
  const root = join(folder, 'records');
  await mkdir(root);
  const store = createFolderStore({ root });
  const alerting = createAlertingActivities({ store, webhook: hooked });
  const work: BackupsWork = {};
  const uploads = new UploadsWork();
  let policy: Policy = vendhubPolicy;

  const startWorker = async () => {
    const worker = await Worker.create({
      connection: temporal.environment.nativeConnection,
      taskQueue,
      workflowBundle,
      activities: {
        admit: async () => policy,
        ...backupsThat(work),
        ...uploads.activities,
        ...alerting,
        ...createAttestationActivities({ store }),
        ...createReviewActivities({
          procedures: Object.values(runbooks).map((runbook) => ({
            scenario: runbook.scenario,
            print: () => renderProcedure(runbook, policy),
          })),
        }),
        listDrillEvidence: (input: { readonly environments: readonly string[] }) =>
          listDrillEvidence(store, input),
        ...createCoordinationActivities({
          ...orchestrator,
          policy: { ...policy, schedules: work.schedules ?? [] },
        }),
        ...createNotificationActivities({
          mailer,
          database: unreachableDatabase,
          messageIdDomain: 'vendhub.test',
        }),
      },
      interceptors: { activity: [(context) => ({ inbound: new ActivityInterceptor(context, []) })] },
      stickyQueueScheduleToStartTimeout: '500 ms',
      shutdownForceTime: '3 seconds',
    });
    const running = worker.run();
    return async () => {
      worker.shutdown();
      await running;
    };
  };
  let stopWorker = await startWorker();
  const { client } = temporal.environment;
  let runs = 0;
  const start = (operation: OperationName, environment: string, args: Record<string, unknown> = {}) => {
    runs += 1;
    return client.workflow.start<(input: unknown) => Promise<OperationRecord>>(
      operationWorkflows[operation],
      {
        taskQueue,
        workflowId: `${operation}-${environment}-${runs}`,
        args: [{ environment, startedBy: 'anna', ...args }],
      },
    );
  };

  return {
    smtp,
    webhook,
    alerting,
    store,
    scheduler: orchestrator.scheduler,
    client,
    /** What the stand-ins do from now on. */
    work,
    uploads,
    setPolicy(change: (policy: Policy) => Policy) {
      policy = change(vendhubPolicy);
    },
    start,
    /** Runs an operation to its end; a failed one gives the record that it failed with. */
    async run(
      operation: OperationName,
      environment: string,
      args: Record<string, unknown> = {},
    ): Promise<OperationRecord> {
      try {
        return await (await start(operation, environment, args)).result();
      } catch (error) {
        if (!(error instanceof WorkflowFailedError && error.cause instanceof ApplicationFailure)) throw error;
        const record = parseOperationRecord(error.cause.details?.[0]);
        if (record === undefined) throw error;
        return record;
      }
    },
    alert: (kind: OperationKind) => client.workflow.getHandle(alertWorkflowId(kind)),
    /** Subjects of the mails about an environment, oldest first. */
    mails: (environment: string) => smtp.messages().filter(({ text }) => text.includes(`in ${environment},`)),
    posts: (environment: string) => webhook.posts.filter((text) => text.includes(`in ${environment},`)),
    /** Puts the store of records away, and back again. */
    async setStoreAway(away: boolean) {
      if (away) {
        await rename(root, `${root}-away`);
        await writeFile(root, 'a file where the folder was');
      } else {
        await rm(root);
        await rename(`${root}-away`, root);
      }
    },
    async restartWorker() {
      await stopWorker();
      stopWorker = await startWorker();
    },
    /** Ends everything, after replaying every run. */
    async stop() {
      try {
        await stopWorker();
        for await (const { workflowId, runId } of client.workflow.list()) {
          const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
          await Worker.runReplayHistory({ workflowBundle }, history, workflowId);
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
