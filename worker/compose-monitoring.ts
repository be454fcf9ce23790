import { createPostgresDatabase } from '../activities/adapters/postgres/index.ts';
import {
  createSupabaseLogs,
  createSupabaseSecurity,
  type SupabaseAccess,
} from '../activities/adapters/supabase/index.ts';
import { createMarkerWriter } from '../activities/marker/index.ts';
import { createMonitoringActivities } from '../activities/monitoring/index.ts';
import type {
  ApplicationPlatform,
  ApplicationProbe,
  DatabaseLogins,
  DatabasePlatform,
  ObjectStore,
  RunRegistry,
} from '../activities/ports.ts';
import type { Keyring } from '../activities/vault/keyring.ts';
import type { VaultLocation } from '../activities/vault/location.ts';
import type { Policy } from '../workflows/contracts/policy.ts';
import type { Configuration } from './configuration.ts';

/** A look is made again in seconds: a connection that takes longer than this is none, ms. */
const connectTimeoutMs = 5_000;
/** One row; the next marker is a few seconds away, ms. */
const markerTimeoutMs = 3_000;

/**
 * Puts the adapters under the looking of the monitor. Its sessions on the database have a name and time limits of their
 * own.
 */
export function composeMonitoring(
  configuration: Configuration,
  policy: Policy,
  parts: {
    readonly access: SupabaseAccess;
    readonly platform: DatabasePlatform;
    readonly applicationPlatform: ApplicationPlatform;
    readonly probe: ApplicationProbe;
    readonly logins: DatabaseLogins;
    readonly registry: Pick<RunRegistry, 'recoveryOf'>;
    readonly store: ObjectStore;
    readonly locations: readonly VaultLocation[];
    readonly keyring: Keyring;
    readonly stopping: AbortSignal;
  },
) {
  const { access, platform, logins, registry, ...others } = parts;
  const { store } = others;
  const operator = { connectionString: configuration.DATABASE_URL, alternatives: logins };
  return createMonitoringActivities({
    ...others,
    policy,
    platform,
    database: createPostgresDatabase({
      ...operator,
      applicationName: 'vendhub-dr-monitor',
      connectTimeoutMs,
    }),
    logs: createSupabaseLogs(access),
    settings: createSupabaseSecurity(access),
    writeMarker: createMarkerWriter({
      database: createPostgresDatabase({
        ...operator,
        applicationName: 'vendhub-dr-marker',
        connectTimeoutMs: markerTimeoutMs,
        statementTimeoutMs: markerTimeoutMs,
      }),
      store,
      registry,
      environment: configuration.DR_ENVIRONMENT,
      everyMs: policy.marker.everyMs,
    }),
  });
}
