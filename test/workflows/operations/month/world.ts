import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { createFolderStore } from '../../../../activities/adapters/folder-store/index.ts';
import { createAlertingActivities } from '../../../../activities/alerting/index.ts';
import { createAttestationActivities } from '../../../../activities/attestations/index.ts';
import { createDrillActivities, type DrillActivities } from '../../../../activities/drills/index.ts';
import { createEvidenceActivities } from '../../../../activities/evidence/index.ts';
import { createKeyring } from '../../../../activities/vault/keyring.ts';
import { ActivityInterceptor } from '../../../../worker/activity-interceptor.ts';
import { bundleWorkflows } from '../../../../worker/bundle.ts';
import { policy as vendhubPolicy } from '../../../../worker/policy.ts';
import { taskQueue } from '../../../../workflows/contracts/names.ts';
import type { Policy } from '../../../../workflows/contracts/policy.ts';
import { startTestTemporal } from '../../../activities/adapters/temporal/test-temporal.ts';
import { unreachableDatabase } from '../../../client/operations/peer/environment.ts';

const project = 'stagingstagingstagin';

/** The policy with waits of a test; schedules and everything else is as it is. */
export const policy: Policy = { ...vendhubPolicy, pollEveryMs: 200 };

/**
 * A real Temporal with the real scheduler, and the real drill, which waits its turn, starts its recovery, follows it and
 * keeps its records as it does everywhere. Breaking, looking at the data, and the work of recoveries and of all other
 * operations are stood in for.
 */
export async function startMonth(environment: string) {
  Runtime.install({
    logger: new DefaultLogger('ERROR'),
    telemetryOptions: { logging: { filter: 'off', forward: {} } },
  });
  const root = await mkdtemp(join(tmpdir(), 'dr-month-'));
  await mkdir(join(root, 'store'));
  const [workflowBundle, temporal] = await Promise.all([
    bundleWorkflows(new DefaultLogger('ERROR'), fileURLToPath(new URL('workflows.ts', import.meta.url))),
    startTestTemporal(),
  ]);
  const store = createFolderStore({ root: join(root, 'store') });
  const drills = createDrillActivities({
    policy,
    environment,
    projectRef: project,
    drillProjectRef: project,
    platform: {
      identity: async () => ({ provider: 'none', ref: project, name: 'staging', region: 'none' }),
    },
    applicationPlatform: {
      deployments: async () => [],
      redeploy: async () => '',
      setVariables: async () => {},
      variables: async () => ({}),
    },
    database: unreachableDatabase,
    probe: { probe: async () => ({ healthy: true, latencyMs: 0, detail: '' }) },
    standby: null,
    store,
    commands: new Map([['DRILL_FAULT_COMMAND_PAGES', { run: async () => {} }]]),
    registry: temporal.registry,
    desk: temporal.desk,
    keyring: createKeyring({ passphrase: async () => 'of a test' }),
  });
  const broken: string[] = [];
  const standIns: Pick<DrillActivities, 'breakProduction' | 'inspectDrilled'> = {
    breakProduction: async ({ id }) => {
      broken.push(id);
      const now = new Date().toISOString();
      return { brokenAt: now, truthAt: now, tables: [] };
    },
    inspectDrilled: async () => ({
      data: { recoveryPointUnix: null, tables: [], lost: [] },
      health: { healthy: true, detail: '200' },
      invariants: [],
    }),
  };
  const worker = await Worker.create({
    connection: temporal.environment.nativeConnection,
    taskQueue,
    workflowBundle,
    activities: {
      admit: async () => policy,
      mailTeam: async () => ({ sent: 1, failed: 0, reason: null }),
      takeFingerprint: async () => ({ code: {}, policy: {}, schema: {}, provider: {} }),
      ...createAlertingActivities({ store, webhook: null }),
      ...createAttestationActivities({ store }),
      ...createEvidenceActivities({ store }),
      ...drills,
      ...standIns,
    },
    interceptors: { activity: [(context) => ({ inbound: new ActivityInterceptor(context, []) })] },
    shutdownForceTime: '3 seconds',
  });
  const running = worker.run();
  return {
    client: temporal.client,
    scheduler: temporal.scheduler,
    /** Ids of the drills that broke something, in their order. */
    broken,
    async stop() {
      worker.shutdown();
      await running;
      await temporal.stop();
      await rm(root, { recursive: true, force: true });
    },
  };
}
