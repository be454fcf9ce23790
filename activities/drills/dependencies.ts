import type { DrillCommandVariable } from '../../workflows/contracts/drill-faults.ts';
import type { Policy } from '../../workflows/contracts/policy.ts';
import type {
  ApplicationPlatform,
  ApplicationProbe,
  Database,
  DatabasePlatform,
  ErasableObjectStore,
  OperatorCommand,
  RecoveryDesk,
  RunRegistry,
} from '../ports.ts';
import type { StandbyEnvironment } from '../standby/dependencies.ts';
import type { Keyring } from '../vault/keyring.ts';

/** What the activities of a drill need of the outside world. */
export interface DrillDependencies {
  readonly policy: Pick<
    Policy,
    'drill' | 'people' | 'approval' | 'schemas' | 'timestampColumns' | 'invariants' | 'pollEveryMs'
  >;
  /** The one environment that this worker's configuration points at. */
  readonly environment: string;
  /** The project whose credentials this worker has. */
  readonly projectRef: string;
  /** The project that may be broken, as `DRILL_PROJECT_REF` names it. */
  readonly drillProjectRef: string | undefined;
  readonly platform: Pick<DatabasePlatform, 'identity'>;
  readonly applicationPlatform: Pick<
    ApplicationPlatform,
    'deployments' | 'redeploy' | 'setVariables' | 'variables'
  >;
  readonly database: Pick<Database, 'session'>;
  /** The application as its users reach it. */
  readonly probe: ApplicationProbe;
  /** Where production is rebuilt when everything is gone; null where none is configured. */
  readonly standby: StandbyEnvironment | null;
  readonly store: ErasableObjectStore;
  /** Commands of the operator's that break something; those that are configured. */
  readonly commands: ReadonlyMap<DrillCommandVariable, OperatorCommand>;
  readonly registry: Pick<RunRegistry, 'recoveryOf' | 'operationsOf'>;
  readonly desk: RecoveryDesk;
  /** Seals the application's variable while it is broken. */
  readonly keyring: Keyring;
}
