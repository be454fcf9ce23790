import { createHttpProbe } from '../../../activities/adapters/http-probe/index.ts';
import { createPostgresDatabase } from '../../../activities/adapters/postgres/index.ts';
import { createRailwayPlatform } from '../../../activities/adapters/railway/index.ts';
import {
  createSupabaseLogs,
  createSupabasePlatform,
  createSupabaseSecurity,
} from '../../../activities/adapters/supabase/index.ts';
import type { MonitoringDependencies } from '../../../activities/monitoring/index.ts';
import { createMonitoringActivities } from '../../../activities/monitoring/index.ts';
import { backupKey } from '../../../activities/vault/backup-name.ts';
import { exportBackup } from '../../../activities/vault/export-backup.ts';
import type {
  Diagnosis,
  MonitorMemory,
  Observation,
  ObserveInput,
  SignalName,
  SignalState,
} from '../../../workflows/contracts/monitoring.ts';
import type { MonitorPolicy } from '../../../workflows/contracts/policy.ts';
import { sandboxPolicy } from '../../sandbox/policy.ts';
import { startSandboxRailway } from '../../sandbox/railway/index.ts';
import { startSandboxSupabase } from '../../sandbox/supabase/index.ts';
import { startTestVendHubDatabase } from '../../sandbox/vendhub/test-vendhub.ts';
import { activityEnvironment, inActivity } from '../in-activity.ts';
import { keyringOf, newFolderLocation, vaultOver, work } from '../vault/world.ts';

/** The sandbox's monitor, which looks at everything as often as at the application. */
const monitor: MonitorPolicy = {
  ...sandboxPolicy.monitor,
  probeEveryMs: 500,
  confirmEveryMs: 100,
  everyMs: { platform: 500, database: 500, pages: 1_000, security: 500, advice: 1_000, backups: 2_000 },
  failedLogins: { windowMs: 3_000, atLeast: 10 },
};

/** What a look ended with, and which runbook it speaks for. */
export interface Noticed {
  readonly observation: Observation;
  readonly diagnosis: Diagnosis | null;
}

/** VendHub with its providers, a backup, and the monitor in front of it. */
export async function startMonitoredWorld() {
  const policy = { ...sandboxPolicy, monitor };
  const { cluster, operatorUrl, applicationUrl } = await startTestVendHubDatabase();
  const railway = await startSandboxRailway({
    variables: { DATABASE_URL: applicationUrl },
    buildMs: 20,
    deployMs: 10,
    maxRestarts: 0,
  });
  const supabase = await startSandboxSupabase({
    cluster,
    restoringDelayMs: 50,
    applyDelayMs: 50,
    requestsPerMinute: 100_000,
  });
  const { location, store, remove } = await newFolderLocation();
  const access = {
    baseUrl: supabase.url,
    projectRef: supabase.projectRef,
    accessToken: supabase.accessToken,
    timeoutMs: 2_000,
  };
  const superuserUrl = cluster.connectionString(cluster.superuser, 'vendhub');
  const dependencies: MonitoringDependencies = {
    policy,
    probe: createHttpProbe({ healthUrl: `${railway.applicationUrl}/health`, timeoutMs: 1_000 }),
    applicationPlatform: createRailwayPlatform({
      endpoint: railway.endpoint,
      token: { kind: 'project', value: railway.token },
      ...railway.ids,
      timeoutMs: 2_000,
    }),
    platform: createSupabasePlatform(access),
    database: createPostgresDatabase({ connectionString: operatorUrl, connectTimeoutMs: 2_000 }),
    logs: createSupabaseLogs(access),
    settings: createSupabaseSecurity(access),
    store,
    locations: [location],
    keyring: keyringOf(),
    writeMarker: async () => ({ kind: 'held-back' }),
    stopping: new AbortController().signal,
  };
  const backUp = (at = new Date().toISOString()) =>
    inActivity(activityEnvironment(), () =>
      exportBackup(
        vaultOver(operatorUrl, [location]),
        { key: backupKey('recent', at), kind: 'recent', at, schemas: ['public'], locations: [location] },
        work,
      ),
    );

  return {
    policy,
    cluster,
    railway,
    supabase,
    store,
    operatorUrl,
    applicationUrl,
    superuserUrl,
    dependencies,
    backUp,
    as: async (connectionString: string, sql: string) =>
      createPostgresDatabase({ connectionString }).session(
        async (session) => (await session.query(sql)).rows,
      ),
    watch: (over: Partial<MonitoringDependencies> = {}) => watching({ ...dependencies, ...over }),
    /** The same with another policy of the monitor. */
    withMonitor: (more: Partial<MonitorPolicy>) => {
      const changed = { ...dependencies, policy: { ...policy, monitor: { ...policy.monitor, ...more } } };
      const watch = (over: Partial<MonitoringDependencies> = {}) => watching({ ...changed, ...over });
      return { dependencies: changed, watch };
    },
    async stop() {
      await supabase.stop();
      await railway.stop();
      await cluster.dispose();
      await remove();
    },
  };
}

/** Looks again and again, as the monitor does, each look going on from the one before. */
export function watching(dependencies: MonitoringDependencies) {
  const activities = createMonitoringActivities(dependencies);
  let states: readonly SignalState[] = [];
  let memory: MonitorMemory | null = null;

  /** Begins one attempt of a look. */
  const begin = (more: Partial<ObserveInput> = {}, heartbeatDetails?: unknown) => {
    const environment = activityEnvironment({ heartbeatDetails });
    const beat = new Promise<void>((resolve) => {
      environment.on('heartbeat', () => resolve());
    });
    const input = {
      environment: 'test',
      states,
      memory,
      forMs: 1_500,
      recoveryRunning: false,
      writeMarkers: false,
      ...more,
    };
    const result = inActivity(environment, () => activities.observe(input));
    return { result, beat, cancel: () => environment.cancel() };
  };
  const look = async (more: Partial<ObserveInput> = {}): Promise<Observation> => {
    const observation = await begin(more).result;
    ({ states, memory } = observation);
    return observation;
  };
  const noticed = async (more: Partial<ObserveInput> = {}): Promise<Noticed> => {
    const observation = await look(more);
    return { observation, diagnosis: await activities.diagnose({ evidence: observation.evidence }) };
  };

  return {
    begin,
    look,
    state: (signal: SignalName) => states.find((state) => state.signal === signal),
    noticed,
    /** Looks until these signals are trouble. */
    async until(...signals: readonly SignalName[]): Promise<Noticed> {
      for (;;) {
        const found = await noticed();
        const seen = found.observation.evidence.map(({ signal }) => signal);
        if (signals.every((signal) => seen.includes(signal))) return found;
      }
    },
  };
}
