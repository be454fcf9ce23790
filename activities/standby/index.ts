import type { HealthWatch, VerificationCheck } from '../../workflows/contracts/evidence.ts';
import type { Invariant } from '../../workflows/contracts/policy.ts';
import type {
  ProviderAssessment,
  StandbySource,
  StandbyVariables,
} from '../../workflows/contracts/standby.ts';
import { type WatchHealthInput, watchHealth } from '../application/watch-health.ts';
import { heartbeating } from '../vault/heartbeating.ts';
import { assessProviders } from './assess-providers.ts';
import { checkStandbyInvariants } from './check-invariants.ts';
import { chooseStandbySource, type StandbySourceQuestion } from './choose-source.ts';
import { requireStandby, type StandbyDependencies } from './dependencies.ts';
import { dropStandbyDatabase } from './drop-database.ts';
import { stopStandbyApplication } from './stop-application.ts';
import { variablesFile, type WriteStandbyVariablesInput, writeStandbyVariables } from './write-variables.ts';

/**
 * The activities that rebuild production in an environment of one's own. Each throws `standby-missing` (not retried)
 * where none is configured, and what is told where it is defined.
 */
export function createStandbyActivities(deps: StandbyDependencies) {
  const commandVariables = () => ({ STANDBY_VARIABLES_FILE: variablesFile(requireStandby(deps)) });
  return {
    /** See {@link assessProviders}. */
    assessProviders: (): Promise<ProviderAssessment> => assessProviders(deps),

    /** See {@link chooseStandbySource}. */
    chooseStandbySource: (question: StandbySourceQuestion): Promise<StandbySource> =>
      heartbeating((work) => chooseStandbySource(deps, question, work)),

    /** See {@link dropStandbyDatabase}. */
    dropStandbyDatabase: (input: { readonly database: string }): Promise<void> =>
      dropStandbyDatabase(deps, input),

    /** See {@link checkStandbyInvariants}. */
    checkStandbyInvariants: (input: {
      readonly database: string;
      readonly invariants: readonly Invariant[];
    }): Promise<readonly VerificationCheck[]> => checkStandbyInvariants(deps, input),

    /** See {@link writeStandbyVariables}. */
    writeStandbyVariables: (input: WriteStandbyVariablesInput): Promise<StandbyVariables> =>
      writeStandbyVariables(deps, input),

    /** Starts the standby application by the operator's command; one that runs already is replaced by it. */
    startStandbyApplication: (): Promise<void> =>
      heartbeating(() => requireStandby(deps).start.run(commandVariables())),

    /** See {@link stopStandbyApplication}. */
    stopStandbyApplication: (): Promise<void> => heartbeating(() => stopStandbyApplication(deps)),

    /** As `watchHealth`, of the standby application itself. */
    watchStandbyHealth: async (input: WatchHealthInput): Promise<HealthWatch> =>
      watchHealth({ probe: requireStandby(deps).probe }, input),

    /** Directs users to the standby application by the operator's command. */
    switchOver: (): Promise<void> =>
      heartbeating(() => requireStandby(deps).switchOver.run(commandVariables())),
  };
}

export { standbyVariablesSource } from './write-variables.ts';

/** The standby activities as a workflow calls them. */
export type StandbyActivities = ReturnType<typeof createStandbyActivities>;
