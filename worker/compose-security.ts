import type { OperatorDatabase } from '../activities/adapters/postgres/index.ts';
import type { S3ObjectStore } from '../activities/adapters/s3/index.ts';
import {
  createSupabaseApiProbe,
  createSupabaseCredentials,
  createSupabaseLogs,
  createSupabasePower,
  createSupabaseReadOnlyQueries,
  createSupabaseSecurity,
  type SupabaseAccess,
} from '../activities/adapters/supabase/index.ts';
import {
  type CredentialStore,
  createCredentialActivities,
  type ObjectStoreKey,
  type StandbyVariablesSource,
} from '../activities/credentials/index.ts';
import { createPowerActivities } from '../activities/platform-power/index.ts';
import type { ApplicationPlatform, DatabasePlatform } from '../activities/ports.ts';
import { createSecurityActivities } from '../activities/security/index.ts';
import type { Policy } from '../workflows/contracts/policy.ts';
import type { Configuration } from './configuration.ts';
import { guardCredentialIssuer, guardPlatformPower, guardSecuritySettings } from './guarded-ports.ts';

/** How long an issuer may take until a new secret is accepted, ms: more than any of them says. */
const settleMs = 60_000;
/** How long a project may take to stop or start, ms. */
const powerDeadlineMs = 15 * 60_000;

/**
 * Puts the adapters under what guards production and exchanges its secrets.
 *
 * @param parts.access to the Management API
 * @param parts.tryObjectStoreKey tries another key on the worker's own bucket
 */
export function composeSecurity(
  configuration: Configuration,
  policy: Policy,
  parts: {
    readonly access: SupabaseAccess;
    readonly platform: DatabasePlatform;
    readonly database: OperatorDatabase;
    readonly applicationPlatform: ApplicationPlatform;
    readonly store: S3ObjectStore;
    readonly credentialStore: CredentialStore;
    readonly objectStoreKey: ObjectStoreKey;
    readonly standbyVariables: StandbyVariablesSource;
    readonly tryObjectStoreKey: (key: ObjectStoreKey) => Promise<'accepted' | 'refused' | 'unreachable'>;
  },
) {
  const { access, platform, database, applicationPlatform, store } = parts;
  const projectUrl =
    configuration.SUPABASE_PROJECT_URL ?? `https://${configuration.SUPABASE_PROJECT_REF}.supabase.co`;
  const apiProbe = createSupabaseApiProbe({
    projectUrl: projectUrl.replace(/\/$/, ''),
    timeoutMs: access.timeoutMs,
  });
  const issuer = guardCredentialIssuer(createSupabaseCredentials(access));
  const pollMs = policy.pollEveryMs;
  return {
    ...createCredentialActivities({
      store: parts.credentialStore,
      issuer,
      database,
      applicationPlatform,
      apiProbe,
      operatorUrl: configuration.DATABASE_URL,
      objectStoreKey: parts.objectStoreKey,
      standbyVariables: parts.standbyVariables,
      tryObjectStoreKey: parts.tryObjectStoreKey,
      timing: { settleMs, pollMs },
    }),
    ...createSecurityActivities({
      platform,
      settings: guardSecuritySettings(createSupabaseSecurity(access)),
      database,
      acceptedConnectionString: () => database.acceptedConnectionString(),
      readOnlyQueries: createSupabaseReadOnlyQueries(access),
      logs: createSupabaseLogs(access),
      applicationPlatform,
      keys: issuer,
      apiProbe,
      store,
      environment: configuration.DR_ENVIRONMENT,
      timing: { fenceDeadlineMs: policy.fence.deadlineMs, pollMs },
    }),
    ...createPowerActivities({
      power: guardPlatformPower(createSupabasePower(access)),
      platform,
      database,
      timing: { deadlineMs: powerDeadlineMs, settleMs, pollMs },
    }),
  };
}
