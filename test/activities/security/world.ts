import { createPostgresDatabase } from '../../../activities/adapters/postgres/index.ts';
import { createRailwayPlatform } from '../../../activities/adapters/railway/index.ts';
import {
  createSupabaseApiProbe,
  createSupabaseCredentials,
  createSupabaseLogs,
  createSupabasePlatform,
  createSupabaseReadOnlyQueries,
  createSupabaseSecurity,
} from '../../../activities/adapters/supabase/index.ts';
import { createSecurityActivities } from '../../../activities/security/index.ts';
import { startSandboxRailway } from '../../sandbox/railway/index.ts';
import { startSandboxSupabase } from '../../sandbox/supabase/index.ts';
import { startTestVendHubDatabase } from '../../sandbox/vendhub/test-vendhub.ts';
import { activityEnvironment, inActivity } from '../in-activity.ts';
import { newFolderLocation } from '../vault/world.ts';

/** VendHub's database behind a Supabase of a test's own, and the activities of security over them. */
export async function startSecurityWorld() {
  const { cluster, operatorUrl, applicationUrl } = await startTestVendHubDatabase();
  const railway = await startSandboxRailway({ variables: { DATABASE_URL: applicationUrl } });
  const supabase = await startSandboxSupabase({
    cluster,
    restoringDelayMs: 50,
    applyDelayMs: 50,
    requestsPerMinute: 100_000,
  });
  const { store, remove } = await newFolderLocation();
  const access = {
    baseUrl: supabase.url,
    projectRef: supabase.projectRef,
    accessToken: supabase.accessToken,
    timeoutMs: 5_000,
  };
  const database = createPostgresDatabase({ connectionString: operatorUrl });
  const superuser = createPostgresDatabase({
    connectionString: cluster.connectionString(cluster.superuser, 'vendhub'),
  });
  const keys = createSupabaseCredentials(access);
  const settings = createSupabaseSecurity(access);
  const platform = createSupabasePlatform(access);
  const activitiesOver = (acceptedConnectionString: () => Promise<string>) => {
    const activities = createSecurityActivities({
      platform,
      settings,
      database,
      acceptedConnectionString,
      readOnlyQueries: createSupabaseReadOnlyQueries(access),
      logs: createSupabaseLogs(access),
      applicationPlatform: createRailwayPlatform({
        endpoint: railway.endpoint,
        token: { kind: 'project', value: railway.token },
        ...railway.ids,
        timeoutMs: 5_000,
      }),
      keys,
      apiProbe: createSupabaseApiProbe({ projectUrl: supabase.url, timeoutMs: 5_000 }),
      store,
      environment: 'test',
      timing: { fenceDeadlineMs: 10_000, pollMs: 20 },
    });
    const run = <T>(work: () => Promise<T>) => inActivity(activityEnvironment(), work);
    return {
      compare: (...given: Parameters<typeof activities.compareSecurity>) =>
        run(() => activities.compareSecurity(...given)),
      apply: (...given: Parameters<typeof activities.applySecurity>) =>
        run(() => activities.applySecurity(...given)),
      probe: (...given: Parameters<typeof activities.probeSecurity>) =>
        run(() => activities.probeSecurity(...given)),
      gather: (...given: Parameters<typeof activities.gatherEvidence>) =>
        run(() => activities.gatherEvidence(...given)),
      preserveLogs: (...given: Parameters<typeof activities.preserveLogs>) =>
        run(() => activities.preserveLogs(...given)),
      indicate: (...given: Parameters<typeof activities.runIndicators>) =>
        run(() => activities.runIndicators(...given)),
    };
  };

  return {
    cluster,
    supabase,
    railway,
    database,
    operatorUrl,
    applicationUrl,
    platform,
    settings,
    keys,
    store,
    activitiesOver,
    activities: activitiesOver(() => database.acceptedConnectionString()),
    /** Runs a statement that only a superuser, or an attacker who became one, could run. */
    asSuperuser: async (sql: string) => {
      await superuser.session((session) => session.query(sql));
    },
    asOperator: async (sql: string) => (await database.session((session) => session.query(sql))).rows,
    async stop() {
      await supabase.stop();
      await railway.stop();
      await cluster.dispose();
      await remove();
    },
  };
}
