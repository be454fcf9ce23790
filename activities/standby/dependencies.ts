import type { RecoveryMarker } from '../../workflows/contracts/marker.ts';
import { DrError } from '../errors.ts';
import type {
  ApplicationPlatform,
  ApplicationProbe,
  Database,
  DatabasePlatform,
  OperatorCommand,
} from '../ports.ts';
import type { VaultReading } from '../vault/dependencies.ts';

/** An environment of one's own, for the day on which the providers' is gone. */
export interface StandbyEnvironment {
  /** A server on which the standby database is made; a secret. */
  readonly databaseUrl: string;
  /** Opens a database of it. */
  readonly openDatabase: (connectionString: string) => Database;
  /** Starts the application; one that runs already is replaced. Gets `STANDBY_VARIABLES_FILE`. */
  readonly start: OperatorCommand;
  /** Ends the application; one that does not run is success. */
  readonly stop: OperatorCommand;
  readonly probe: ApplicationProbe;
  /** Directs users to the standby application. */
  readonly switchOver: OperatorCommand;
  /** Folder for the application's variables, for its owner alone. */
  readonly folder: string;
}

/** Variables without any exchanged secret, and the names of those that changed. Values are secrets. */
export interface VariablesOfNow {
  readonly variables: Readonly<Record<string, string>>;
  readonly replaced: readonly string[];
  readonly leftOut: readonly string[];
}

/** What the activities around a standby environment need of the outside world. */
export interface StandbyDependencies extends VaultReading {
  readonly databasePlatform: DatabasePlatform;
  readonly applicationPlatform: ApplicationPlatform;
  /** The application as its users reach it. */
  readonly publicProbe: ApplicationProbe;
  /** The recovery marker that was kept outside the database last; without it, or where it fails, none is known. */
  readonly lastMarker?: () => Promise<RecoveryMarker | null>;
  /** Takes exchanged secrets out of variables; throws what reading the sealed credentials throws. */
  readonly withoutExchanged: (variables: Readonly<Record<string, string>>) => Promise<VariablesOfNow>;
  /** Null where none is configured. */
  readonly standby: StandbyEnvironment | null;
}

/** @throws DrError `standby-missing` where no standby environment is configured */
export function requireStandby({ standby }: Pick<StandbyDependencies, 'standby'>): StandbyEnvironment {
  if (standby !== null) return standby;
  throw new DrError('standby-missing', {
    happened: 'No standby environment is configured: the STANDBY_ variables of the worker are not set.',
    meaning: 'There is nowhere to rebuild production.',
    next: 'Set STANDBY_DATABASE_URL, STANDBY_START_COMMAND, STANDBY_STOP_COMMAND, STANDBY_HEALTH_URL and SWITCH_OVER_COMMAND, restart the worker, then retry.',
  });
}
