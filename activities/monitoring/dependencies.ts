import type { Policy } from '../../workflows/contracts/policy.ts';
import type { WriteMarker } from '../marker/index.ts';
import type {
  ApplicationPlatform,
  ApplicationProbe,
  Database,
  DatabasePlatform,
  ObjectStore,
  PlatformLogs,
  SecuritySettings,
} from '../ports.ts';
import type { Keyring } from '../vault/keyring.ts';
import type { VaultLocation } from '../vault/location.ts';

/** What the monitor looks at. */
export interface MonitoringDependencies {
  readonly policy: Policy;
  readonly probe: ApplicationProbe;
  readonly applicationPlatform: Pick<ApplicationPlatform, 'deployments' | 'logs' | 'requestsByStatus'>;
  readonly platform: Pick<DatabasePlatform, 'status' | 'services'>;
  readonly database: Database;
  readonly logs: PlatformLogs;
  readonly settings: Pick<SecuritySettings, 'advisories'>;
  readonly store: ObjectStore;
  readonly locations: readonly VaultLocation[];
  readonly keyring: Keyring;
  /** Called every `policy.marker.everyMs`; it knows its environment, and never throws. */
  readonly writeMarker: WriteMarker;
  /** Given when the worker is told to stop: a look ends then, and the next worker goes on from there. */
  readonly stopping: AbortSignal;
}
