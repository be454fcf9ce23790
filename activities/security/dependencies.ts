import type {
  ApiKeyIssuer,
  ApiProbe,
  ApplicationPlatform,
  Database,
  DatabasePlatform,
  ObjectStore,
  PlatformLogs,
  ReadOnlyQueries,
  SecuritySettings,
  SigningKeyIssuer,
} from '../ports.ts';

/** What the activities of security reach. */
export interface SecurityDependencies {
  readonly platform: Pick<DatabasePlatform, 'networkRestrictions' | 'restrictNetwork'>;
  readonly settings: SecuritySettings;
  readonly database: Database;
  /** The connection string that the database accepts from the operator at present. A secret. */
  readonly acceptedConnectionString: () => Promise<string>;
  /** The road that stays open when no connection can be made. */
  readonly readOnlyQueries: ReadOnlyQueries;
  readonly logs: PlatformLogs;
  readonly applicationPlatform: Pick<ApplicationPlatform, 'deployments' | 'logs'>;
  readonly keys: Pick<ApiKeyIssuer, 'apiKeys'> & Pick<SigningKeyIssuer, 'signingKeys'>;
  readonly apiProbe: ApiProbe;
  readonly store: ObjectStore;
  readonly environment: string;
  /** How long a network restriction may take until it is in force, and between two looks; in ms. */
  readonly timing: { readonly fenceDeadlineMs: number; readonly pollMs: number };
}
