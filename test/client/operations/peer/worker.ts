import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Worker } from '@temporalio/worker';
import { createFolderStore } from '../../../../activities/adapters/folder-store/index.ts';
import { createTemporalOrchestrator } from '../../../../activities/adapters/temporal/index.ts';
import { type AlertingActivities, createAlertingActivities } from '../../../../activities/alerting/index.ts';
import { createAttestationActivities } from '../../../../activities/attestations/index.ts';
import { createCoordinationActivities } from '../../../../activities/coordination/index.ts';
import { DrError } from '../../../../activities/errors.ts';
import { createEvidenceActivities, type EvidenceActivities } from '../../../../activities/evidence/index.ts';
import type { NotificationActivities } from '../../../../activities/notification/index.ts';
import type { RestoreTestActivities } from '../../../../activities/restore-test/index.ts';
import type { UploadsActivities } from '../../../../activities/uploads/index.ts';
import { ActivityInterceptor } from '../../../../worker/activity-interceptor.ts';
import { bundleWorkflows } from '../../../../worker/bundle.ts';
import { policy } from '../../../../worker/policy.ts';
import { taskQueue } from '../../../../workflows/contracts/names.ts';
import { none, nothingSynced } from '../../../uploads-result.ts';
import { untilPolled } from '../../peer/polled.ts';
import { environmentIs } from './environment.ts';
import { provider } from './provider.ts';
import { standInVault } from './vault.ts';

const placeMissing = (place: string) =>
  new DrError('input-invalid', {
    happened: `The destination cannot be used. ${place}`,
    meaning: 'Nothing was changed.',
    next: 'Give another place.',
  });

const rest: Pick<NotificationActivities, 'mailTeam'> & UploadsActivities & RestoreTestActivities = {
  mailTeam: async () => ({ sent: 1, failed: 0, reason: null }),
  checkPlaces: async ({ to }) => {
    if (environmentIs('no-second-store')) throw placeMissing(JSON.stringify(to));
  },
  syncUploads: async () => ({
    ...nothingSynced,
    from: 'primary/vendhub-uploads',
    to: 'backups/s3-backup',
    listed: { source: 12, destination: 10 },
    unchanged: 10,
    transferred: { objects: 2, bytes: 4096 },
    leftAlone: { count: 60, first: ['a', 'b'] },
    newerKept: { count: 1, first: ['photos/new.jpg'] },
    refused: environmentIs('hostile')
      ? { count: 1, first: [{ key: '../passwd', why: 'it leaves the folder' }] }
      : none,
    startedAt: '2025-11-29T03:15:00Z',
    durationMs: 1200,
    listingMs: 100,
  }),
  testRestore: async ({ environment, location, minimumUsers }) => {
    const users = environmentIs('incomplete') ? 3 : 250;
    const expected = `at least ${minimumUsers}`;
    const checks = [{ name: 'users', passed: users >= minimumUsers, found: `${users}`, expected }];
    return {
      environment,
      location,
      database: 'vendhub_restore_test_1764385919',
      backupKey: 'daily/backup-2025-11-29.json.gz.enc',
      snapshotAt: '2025-11-29T03:00:00.123456Z',
      startedAt: '2025-11-29T05:00:00Z',
      durationMs: 9000,
      restoreMs: 8000,
      checks,
      passed: users >= minimumUsers,
    };
  },
};

/** A worker with the real operations, and what they leave behind. */
export interface OperationsWorker {
  readonly alerting: AlertingActivities;
  readonly evidence: EvidenceActivities;
  readonly stop: () => Promise<void>;
}

/**
 * A worker with the real workflows, on real schedules, records and incidents; vault, provider, uploads and restore test
 * stand in, and fail in environments that are named so.
 */
export async function startOperationsWorker(server: TestWorkflowEnvironment): Promise<OperationsWorker> {
  const folder = await mkdtemp(join(tmpdir(), 'dr-operations-'));
  const orchestrator = createTemporalOrchestrator({ connectionOptions: { address: server.address } });
  const store = createFolderStore({ root: join(folder, 'records') });
  const alerting = createAlertingActivities({ store, webhook: null });
  const evidence = createEvidenceActivities({ store });
  const worker = await Worker.create({
    connection: server.nativeConnection,
    taskQueue,
    workflowBundle: await bundleWorkflows(new DefaultLogger('ERROR')),
    activities: {
      ...alerting,
      ...evidence,
      ...createAttestationActivities({ store }),
      // Nothing here is watched but the environment that is tended.
      readMonitor: async ({ environment }: { readonly environment: string }) => {
        if (environment !== 'tended') return null;
        const now = new Date().toISOString();
        return { since: now, lookedAt: now, trouble: null, silence: null, incident: null };
      },
      // The tests have an environment for each way in which an operation can end.
      admit: async () => ({
        ...policy,
        backups: { ...policy.backups, storeAgainAfterMs: [10] },
        // What it looks at by itself is production, which there is none of here.
        reviews: { ...policy.reviews, 'plan-review': { ...policy.reviews['plan-review'], checks: [] } },
      }),
      ...createCoordinationActivities({ ...orchestrator, policy }),
      ...standInVault(createFolderStore({ root: join(folder, 'empty') })),
      ...provider,
      ...rest,
    },
    interceptors: { activity: [(context) => ({ inbound: new ActivityInterceptor(context, []) })] },
    stickyQueueScheduleToStartTimeout: '500 ms',
  });
  const running = worker.run();
  await untilPolled(server);
  return {
    alerting,
    evidence,
    stop: async () => {
      worker.shutdown();
      await running;
      await orchestrator.close();
      await rm(folder, { recursive: true });
    },
  };
}
