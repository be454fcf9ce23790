import type {
  BrokenProduction,
  DrillInput,
  DrillInspection,
  DrillPlan,
  DrillsReport,
  EndedRecovery,
  OpenDrill,
  RecoveryRunId,
} from '../../workflows/contracts/drills.ts';
import { awaitDrillTurn, type TurnRequest } from './await-turn.ts';
import { breakProduction } from './break-production.ts';
import { cleanUpFault } from './clean-up.ts';
import type { DrillDependencies } from './dependencies.ts';
import { findRecovery, followRecovery, type Simulation, type StartedRecovery } from './follow-recovery.ts';
import { type InspectionRequest, inspectDrilled } from './inspect-drilled.ts';
import { listDrills } from './list-drills.ts';
import { closeDrill, type DrillPlace, leftDrills, registerDrill } from './open-drills.ts';
import { planDrill } from './plan-drill.ts';

export type { DrillDependencies } from './dependencies.ts';
export { refusalOfDrills } from './guard.ts';

/** The activities of a drill. Everything that breaks something asks both guards again. */
export function createDrillActivities(deps: DrillDependencies) {
  return {
    /** See {@link planDrill}. */
    planDrill: (input: DrillInput): Promise<DrillPlan> => planDrill(deps, input),
    /** See {@link awaitDrillTurn}. */
    awaitDrillTurn: (input: TurnRequest): Promise<readonly string[]> => awaitDrillTurn(deps, input),
    /** See {@link registerDrill}. */
    registerDrill: (drill: OpenDrill): Promise<void> => registerDrill(deps, drill),
    /** See {@link leftDrills}. */
    leftDrills: (input: { readonly environment: string }): Promise<readonly OpenDrill[]> =>
      leftDrills(deps, input),
    /** See {@link closeDrill}. */
    closeDrill: (place: DrillPlace): Promise<void> => closeDrill(deps, place),
    /** See {@link breakProduction}. */
    breakProduction: (input: DrillPlace & { readonly faultId: string }): Promise<BrokenProduction> =>
      breakProduction(deps, input),
    /** See {@link cleanUpFault}. */
    cleanUpFault: (input: DrillPlace & { readonly faultId: string }): Promise<string> =>
      cleanUpFault(deps, input),
    /** See {@link findRecovery}. */
    findRecovery: (input: {
      readonly environment: string;
      readonly since: string;
      readonly withinMs: number;
    }): Promise<StartedRecovery | null> => findRecovery(deps, input),
    /** See {@link followRecovery}. */
    followRecovery: (input: {
      readonly run: RecoveryRunId;
      readonly simulation: Simulation;
    }): Promise<EndedRecovery> => followRecovery(deps, input),
    /** See {@link inspectDrilled}. */
    inspectDrilled: (request: InspectionRequest): Promise<DrillInspection> => inspectDrilled(deps, request),
    /** See {@link listDrills}. */
    listDrills: (input: { readonly environment: string }): Promise<DrillsReport> => listDrills(deps, input),
  };
}

/** The activities of a drill as a workflow calls them. */
export type DrillActivities = ReturnType<typeof createDrillActivities>;
