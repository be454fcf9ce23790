import { fileURLToPath } from 'node:url';
import type { ClientConnectConfig } from '@temporalio/envconfig';
import { createHttpClock } from '../activities/adapters/http-clock/index.ts';
import { createHttpProbe } from '../activities/adapters/http-probe/index.ts';
import { createPostgresPrograms } from '../activities/adapters/pg-programs/index.ts';
import { createPostgresDatabase } from '../activities/adapters/postgres/index.ts';
import { createRailwayPlatform } from '../activities/adapters/railway/index.ts';
import { createS3ObjectStore } from '../activities/adapters/s3/index.ts';
import { createSmtpMailer } from '../activities/adapters/smtp/index.ts';
import { createSourceCode } from '../activities/adapters/source-code/index.ts';
import { createSupabasePlatform, createSupabaseSecurity } from '../activities/adapters/supabase/index.ts';
import { createTemporalOrchestrator } from '../activities/adapters/temporal/index.ts';
import { locatePostgres } from '../activities/adapters/toolbox/index.ts';
import { createHttpWebhook } from '../activities/adapters/webhook/index.ts';
import { createAlertingActivities } from '../activities/alerting/index.ts';
import { createCrashActivities } from '../activities/application/crash/index.ts';
import { createApplicationActivities } from '../activities/application/index.ts';
import { createAttestationActivities } from '../activities/attestations/index.ts';
import { createBackupActivities } from '../activities/backup/index.ts';
import { createCoordinationActivities } from '../activities/coordination/index.ts';
import {
  createCredentialStore,
  exchangedSecrets,
  operatorLogins,
  withoutExchanged,
} from '../activities/credentials/index.ts';
import { createDatabaseActivities } from '../activities/database/index.ts';
import { createEvidenceActivities, measuredDurations } from '../activities/evidence/index.ts';
import { createFingerprintActivities } from '../activities/fingerprint/index.ts';
import { createGovernanceActivities } from '../activities/governance/index.ts';
import { createIncidentActivities } from '../activities/incidents/index.ts';
import { readKeptMarker } from '../activities/marker/index.ts';
import { createNotificationActivities } from '../activities/notification/index.ts';
import { createProviderBackupsActivities } from '../activities/provider-backups/index.ts';
import { createReadinessActivities } from '../activities/readiness/index.ts';
import { createRestoreActivities } from '../activities/restore/index.ts';
import { createReviewActivities } from '../activities/reviews/index.ts';
import { createStandbyActivities, standbyVariablesSource } from '../activities/standby/index.ts';
import type { Policy } from '../workflows/contracts/policy.ts';
import { runbooks } from '../workflows/scenarios/index.ts';
import { watchStandstills } from './attempt-hold.ts';
import { backupKeyring, composeBackups } from './compose-backups.ts';
import { composeDrills, withoutForbiddenDrills } from './compose-drills.ts';
import { composeMonitoring } from './compose-monitoring.ts';
import { composeSecurity } from './compose-security.ts';
import { composeStandby } from './compose-standby.ts';
import type { Configuration } from './configuration.ts';
import { guardApplicationPlatform, guardDatabasePlatform, guardMailer } from './guarded-ports.ts';
import { renderProcedure } from './local/procedure/render.ts';
import { tryObjectStoreKey } from './try-object-store-key.ts';

/** How long one request to a provider may take, ms. */
const providerTimeoutMs = 15_000;
/** How long one health probe may take, ms. */
const probeTimeoutMs = 3_000;

/**
 * Puts the adapters under the activities: the one place that knows which provider is behind which port.
 *
 * @param temporal where the worker polls; operations look there for recoveries and keep the schedules
 * @param stopping given when the worker is told to stop
 * @returns the activities by name, the way to the monitor, and what closes their connections
 */
export function composeActivities(
  configuration: Configuration,
  givenPolicy: Policy,
  temporal: ClientConnectConfig,
  stopping: AbortSignal,
) {
  const policy = withoutForbiddenDrills(configuration, givenPolicy);
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
  const objectStoreKey = {
    accessKeyId: configuration.S3_ACCESS_KEY_ID,
    secretAccessKey: configuration.S3_SECRET_ACCESS_KEY,
  };
  const store = createS3ObjectStore({
    endpoint: configuration.S3_ENDPOINT,
    region: configuration.S3_REGION,
    bucket: configuration.S3_BUCKET,
    ...objectStoreKey,
  });
  const keyring = backupKeyring(configuration);
  const credentialStore = createCredentialStore({
    store,
    keyring,
    environment: configuration.DR_ENVIRONMENT,
  });
  const variablesOfNow = async (variables: Readonly<Record<string, string>>) =>
    withoutExchanged(
      variables,
      await exchangedSecrets(credentialStore, policy.security.credentials, objectStoreKey),
    );
  const logins = operatorLogins({
    operatorUrl: configuration.DATABASE_URL,
    credentials: policy.security.credentials,
    store: credentialStore,
  });
  const database = createPostgresDatabase({
    connectionString: configuration.DATABASE_URL,
    alternatives: logins,
  });
  const mailer = createSmtpMailer({ url: configuration.SMTP_URL, from: configuration.MAIL_FROM });
  const messageIdDomain = configuration.MAIL_FROM.replace(/^.*@/, '').replace(/>.*$/, '');
  const { pollEveryMs } = policy;
  const backups = composeBackups(configuration, {
    database,
    store,
    keyring,
    exchangedIn: async (variables) => {
      const { replaced, leftOut } = await variablesOfNow(variables);
      return [...replaced, ...leftOut].sort();
    },
  });
  const standby = composeStandby(configuration);
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
        measuredDurations: (environment) => measuredDurations(store, environment),
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
        keyring,
      }),
      ...createEvidenceActivities({ store }),
      ...createNotificationActivities({ mailer: guardMailer(mailer), database, messageIdDomain }),
      ...createAlertingActivities({ store, webhook }),
      ...createCoordinationActivities({ ...orchestrator, policy }),
      ...createProviderBackupsActivities({ platform, database }),
      ...createAttestationActivities({ store }),
      ...composeDrills(configuration, policy, {
        ...orchestrator,
        platform,
        applicationPlatform,
        database,
        probe,
        standby,
        store,
        keyring,
      }),
      ...createIncidentActivities({ store }),
      ...createReviewActivities({
        procedures: Object.values(runbooks).map((runbook) => ({
          scenario: runbook.scenario,
          print: () => renderProcedure(runbook, policy),
        })),
      }),
      ...createFingerprintActivities({
        store,
        sourceCode: createSourceCode({
          root: fileURLToPath(new URL('..', import.meta.url)),
          workflowBundle: configuration.DR_WORKFLOW_BUNDLE,
        }),
        policy: givenPolicy,
        database,
        platform,
        settings: createSupabaseSecurity(supabase),
        application: {
          project: configuration.RAILWAY_PROJECT_ID,
          environment: configuration.RAILWAY_ENVIRONMENT_ID,
          service: configuration.RAILWAY_SERVICE_ID,
        },
      }),
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
        objectStoreKey,
        standbyVariables: standbyVariablesSource({ locations: backups.locations, keyring, standby }),
        tryObjectStoreKey: (key) => tryObjectStoreKey(configuration, key),
      }),
      ...composeMonitoring(configuration, policy, {
        access: supabase,
        platform,
        applicationPlatform,
        probe,
        logins,
        registry: orchestrator.registry,
        store,
        locations: backups.locations,
        keyring,
        stopping,
      }),
      ...createStandbyActivities({
        databasePlatform: platform,
        applicationPlatform,
        publicProbe: probe,
        lastMarker: () => readKeptMarker(store, configuration.DR_ENVIRONMENT),
        withoutExchanged: variablesOfNow,
        standby,
        locations: backups.locations,
        keyring,
      }),
    },
    monitor: orchestrator.monitor,
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
