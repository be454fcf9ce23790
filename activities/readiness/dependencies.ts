import type {
  ApplicationPlatform,
  Database,
  DatabasePlatform,
  MailServerCheck,
  OrchestratorCheck,
  PostgresPrograms,
  RemoteClock,
} from '../ports.ts';
import type { Keyring } from '../vault/keyring.ts';
import type { VaultLocation } from '../vault/location.ts';

/** What the probes of the production checklist need. */
export interface ReadinessDependencies {
  readonly platform: Pick<DatabasePlatform, 'identity'>;
  readonly providerClock: RemoteClock;
  readonly database: Database;
  readonly postgresPrograms: Pick<PostgresPrograms, 'dumpVersion'>;
  readonly applicationPlatform: Pick<ApplicationPlatform, 'deployments'>;
  readonly locations: readonly VaultLocation[];
  readonly keyring: Keyring;
  readonly mailServer: MailServerCheck;
  /** Whether a webhook is configured. */
  readonly hasWebhook: boolean;
  readonly orchestrator: OrchestratorCheck;
}
