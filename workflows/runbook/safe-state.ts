import type { RecoveryOutcome } from '../contracts/status.ts';
import { activities } from './activities.ts';
import type { RunState } from './state.ts';
import type { StepTools } from './step-runner.ts';

/**
 * Undoes what is in force, unless production was rewound or has to stay isolated: then it stays until a person decides.
 *
 * @returns how the run ended by it
 */
export async function goToSafeState({ state, measures, context }: StepTools): Promise<RecoveryOutcome> {
  if (!state.destroyed && state.decisions.length > 0) await rememberRestoreBeforeReset(state);
  const { staysIsolated = false } = state.identity.runbook.safeState;
  if (state.destroyed || (staysIsolated && state.measures.length > 0)) return outcomeAfterRewind(state);
  await measures.undoAll(context);
  return state.measures.length === 0 ? outcomeWithoutMeasures(state) : 'left-changed';
}

/** A run that was reset to before its restore does not know of it: undoing would let users write to unverified data. */
async function rememberRestoreBeforeReset(state: RunState): Promise<void> {
  const runId = await activities.past.restoreRequestedBeforeReset();
  if (runId === null) return;
  state.destroyed = true;
  state.warn(`Before this run was reset, run ${runId} had sent a restore request.`);
}

/** Back for users, or fenced until a person decides. */
function outcomeAfterRewind({ facts, measures, writersResumed }: RunState): RecoveryOutcome {
  const back = writersResumed && facts.health !== undefined;
  return back || measures.length === 0 ? 'recovered' : 'left-fenced';
}

/** Restarts and rollbacks of the application are not taken back: what was there before them did not work. */
function outcomeWithoutMeasures({ facts }: RunState): RecoveryOutcome {
  const { health, restarts, wentBackTo } = facts;
  if (restarts === undefined && wentBackTo === undefined) return 'undone';
  return health === undefined ? 'left-changed' : 'recovered';
}
