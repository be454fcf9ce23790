import { createHttpProbe } from '../activities/adapters/http-probe/index.ts';
import { createPostgresDatabase } from '../activities/adapters/postgres/index.ts';
import { createRailwayPlatform } from '../activities/adapters/railway/index.ts';
import { createS3ObjectStore } from '../activities/adapters/s3/index.ts';
import { createSmtpMailer } from '../activities/adapters/smtp/index.ts';
import { createSupabasePlatform } from '../activities/adapters/supabase/index.ts';
import { createApplicationActivities } from '../activities/application/index.ts';
import { createBackupActivities } from '../activities/backup/index.ts';
import { createDatabaseActivities } from '../activities/database/index.ts';
import { createEvidenceActivities } from '../activities/evidence/index.ts';
import { createGovernanceActivities } from '../activities/governance/index.ts';
import { createNotificationActivities } from '../activities/notification/index.ts';
import { createRestoreActivities } from '../activities/restore/index.ts';
import type { Policy } from '../workflows/contracts/policy.ts';
import type { Configuration } from './configuration.ts';

/** How long one request to a provider may take, ms. */
const providerTimeoutMs = 15_000;
/** How long one health probe may take, ms. */
const probeTimeoutMs = 3_000;

/**
 * Puts the adapters under the activities: the one place that knows which provider is behind which port.
 *
 * @returns the activities by name, and what closes their connections
 */
export function composeActivities(configuration: Configuration, policy: Policy) {
  const database = createPostgresDatabase({ connectionString: configuration.DATABASE_URL });
  const platform = createSupabasePlatform({
    baseUrl: configuration.SUPABASE_API_URL.replace(/\/$/, ''),
    projectRef: configuration.SUPABASE_PROJECT_REF,
    accessToken: configuration.SUPABASE_ACCESS_TOKEN,
    timeoutMs: providerTimeoutMs,
  });
  const applicationPlatform = createRailwayPlatform({
    endpoint: configuration.RAILWAY_API_URL,
    token: { kind: configuration.RAILWAY_TOKEN_KIND, value: configuration.RAILWAY_TOKEN },
    projectId: configuration.RAILWAY_PROJECT_ID,
    environmentId: configuration.RAILWAY_ENVIRONMENT_ID,
    serviceId: configuration.RAILWAY_SERVICE_ID,
    timeoutMs: providerTimeoutMs,
  });
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
  const mailer = createSmtpMailer({ url: configuration.SMTP_URL, from: configuration.MAIL_FROM });
  const messageIdDomain = configuration.MAIL_FROM.replace(/^.*@/, '').replace(/>.*$/, '');
  const { pollEveryMs } = policy;

  return {
    activities: {
      ...createGovernanceActivities({ policy }),
      ...createRestoreActivities({ platform, database, timing: { pollMs: pollEveryMs } }),
      ...createDatabaseActivities({ database, store, applicationPlatform }),
      ...createBackupActivities({ database, store }),
      ...createApplicationActivities({ platform: applicationPlatform, probe, pollEveryMs }),
      ...createEvidenceActivities({ store }),
      ...createNotificationActivities({ mailer, database, messageIdDomain }),
    },
    close: () => {
      store.close();
      mailer.close();
    },
  };
}
