import type { ClientConnectConfig } from '@temporalio/envconfig';
import { createHttpClock } from '../activities/adapters/http-clock/index.ts';
import { createHttpProbe } from '../activities/adapters/http-probe/index.ts';
import { createPostgresPrograms } from '../activities/adapters/pg-programs/index.ts';
import { createPostgresDatabase } from '../activities/adapters/postgres/index.ts';
import { createRailwayPlatform } from '../activities/adapters/railway/index.ts';
import { createS3ObjectStore } from '../activities/adapters/s3/index.ts';
import { createSmtpMailer } from '../activities/adapters/smtp/index.ts';
import { createSupabasePlatform } from '../activities/adapters/supabase/index.ts';
import { createTemporalOrchestrator } from '../activities/adapters/temporal/index.ts';
import { locatePostgres } from '../activities/adapters/toolbox/index.ts';
import { createHttpWebhook } from '../activities/adapters/webhook/index.ts';
import { createAlertingActivities } from '../activities/alerting/index.ts';
import { createCrashActivities } from '../activities/application/crash/index.ts';
import { createApplicationActivities } from '../activities/application/index.ts';
import { createAttestationActivities } from '../activities/attestations/index.ts';
import { createBackupActivities } from '../activities/backup/index.ts';
import { createCoordinationActivities } from '../activities/coordination/index.ts';
import { createCredentialStore, operatorLogins } from '../activities/credentials/index.ts';
import { createDatabaseActivities } from '../activities/database/index.ts';
import { createEvidenceActivities, measuredRestores } from '../activities/evidence/index.ts';
import { createGovernanceActivities } from '../activities/governance/index.ts';
import { createNotificationActivities } from '../activities/notification/index.ts';
import { createProviderBackupsActivities } from '../activities/provider-backups/index.ts';
import { createReadinessActivities } from '../activities/readiness/index.ts';
import { createRestoreActivities } from '../activities/restore/index.ts';
import { createStandbyActivities } from '../activities/standby/index.ts';
import type { Policy } from '../workflows/contracts/policy.ts';
import { watchStandstills } from './attempt-hold.ts';
import { backupKeyring, composeBackups } from './compose-backups.ts';
import { composeSecurity } from './compose-security.ts';
import { composeStandby } from './compose-standby.ts';
import type { Configuration } from './configuration.ts';
import { guardApplicationPlatform, guardDatabasePlatform, guardMailer } from './guarded-ports.ts';
import { tryObjectStoreKey } from './try-object-store-key.ts';

/** How long one request to a provider may take, ms. */
const providerTimeoutMs = 15_000;
/** How long one health probe may take, ms. */
const probeTimeoutMs = 3_000;

/**
 * Puts the adapters under the activities: the one place that knows which provider is behind which port.
 *
 * @param temporal where the worker polls; operations look there for recoveries and keep the schedules
 * @returns the activities by name, and what closes their connections
 */
export function composeActivities(
  configuration: Configuration,
  policy: Policy,
  temporal: ClientConnectConfig,
) {
  const supabase = {
    baseUrl: configuration.SUPABASE_API_URL.replace(/\/$/, ''),
    projectRef: configuration.SUPABASE_PROJECT_REF,
    accessToken: configuration.SUPABASE_ACCESS_TOKEN,
    timeoutMs: providerTimeoutMs,
  };
  const platform = guardDatabasePlatform(createSupabasePlatform(supabase));
  const applicationPlatform = guardApplicationPlatform(
    createRailwayPlatform({
      endpoint: configuration.RAILWAY_API_URL,
      token: { kind: configuration.RAILWAY_TOKEN_KIND, value: configuration.RAILWAY_TOKEN },
      projectId: configuration.RAILWAY_PROJECT_ID,
      environmentId: configuration.RAILWAY_ENVIRONMENT_ID,
      serviceId: configuration.RAILWAY_SERVICE_ID,
      timeoutMs: providerTimeoutMs,
    }),
  );
  const probe = createHttpProbe({
    healthUrl: configuration.APPLICATION_HEALTH_URL,
    timeoutMs: probeTimeoutMs,
  });
  const store = createS3ObjectStore({
    endpoint: configuration.S3_ENDPOINT,
    region: configuration.S3_REGION,
    bucket: configuration.S3_BUCKET,
    accessKeyId: configuration.S3_ACCESS_KEY_ID,
    secretAccessKey: configuration.S3_SECRET_ACCESS_KEY,
  });
  const keyring = backupKeyring(configuration);
  const credentialStore = createCredentialStore({
    store,
    keyring,
    environment: configuration.DR_ENVIRONMENT,
  });
  const database = createPostgresDatabase({
    connectionString: configuration.DATABASE_URL,
    alternatives: operatorLogins({
      operatorUrl: configuration.DATABASE_URL,
      credentials: policy.security.credentials,
      store: credentialStore,
    }),
  });
  const mailer = createSmtpMailer({ url: configuration.SMTP_URL, from: configuration.MAIL_FROM });
  const messageIdDomain = configuration.MAIL_FROM.replace(/^.*@/, '').replace(/>.*$/, '');
  const { pollEveryMs } = policy;
  const backups = composeBackups(configuration, { database, store, keyring });
  const orchestrator = createTemporalOrchestrator(temporal);
  const webhook =
    configuration.ALERT_WEBHOOK_URL === undefined
      ? null
      : createHttpWebhook({ url: configuration.ALERT_WEBHOOK_URL });
  const stopWatching = watchStandstills();

  return {
    activities: {
      ...createGovernanceActivities({
        policy,
        environment: configuration.DR_ENVIRONMENT,
        measuredRestores: (environment) => measuredRestores(store, environment),
      }),
      ...createRestoreActivities({ platform, database, timing: { pollMs: pollEveryMs } }),
      ...createDatabaseActivities({ database, store, applicationPlatform }),
      ...createBackupActivities({ database, store }),
      ...createApplicationActivities({ platform: applicationPlatform, probe, pollEveryMs }),
      ...createCrashActivities({
        platform: applicationPlatform,
        probe,
        pollEveryMs,
        database,
        store,
        sealingSecret: configuration.RAILWAY_TOKEN,
      }),
      ...createEvidenceActivities({ store }),
      ...createNotificationActivities({ mailer: guardMailer(mailer), database, messageIdDomain }),
      ...createAlertingActivities({ store, webhook }),
      ...createCoordinationActivities({ ...orchestrator, policy }),
      ...createProviderBackupsActivities({ platform, database }),
      ...createAttestationActivities({ store }),
      ...createReadinessActivities({
        platform,
        providerClock: createHttpClock({ url: configuration.SUPABASE_API_URL, timeoutMs: providerTimeoutMs }),
        database,
        postgresPrograms: { dumpVersion },
        applicationPlatform,
        locations: backups.locations,
        keyring,
        mailServer: mailer,
        hasWebhook: webhook !== null,
        orchestrator: orchestrator.check,
      }),
      ...backups.activities,
      ...composeSecurity(configuration, policy, {
        access: supabase,
        platform,
        database,
        applicationPlatform,
        store,
        credentialStore,
        tryObjectStoreKey: (key) => tryObjectStoreKey(configuration, key),
      }),
      ...createStandbyActivities({
        databasePlatform: platform,
        applicationPlatform,
        publicProbe: probe,
        standby: composeStandby(configuration),
        locations: backups.locations,
        keyring,
      }),
    },
    close: async () => {
      stopWatching();
      backups.close();
      store.close();
      mailer.close();
      await webhook?.close();
      await orchestrator.close();
    },
  };
}

/** Looked for at the first use: a worker starts without PostgreSQL's own programs. */
async function dumpVersion(): Promise<number> {
  const { path: binFolder } = await locatePostgres();
  return createPostgresPrograms({ binFolder }).dumpVersion();
}
