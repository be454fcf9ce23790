import type { RepairInput } from '../contracts/inputs.ts';
import type { RecoveryOutcome } from '../contracts/status.ts';
import type { StepTools } from './step-runner.ts';

/**
 * Takes back what a terminated run left in force, newest first, by the undo of its own runbook. Asked for by a person,
 * who saw the list; it only puts back what was there before.
 */
export async function repairMeasures(
  input: RepairInput,
  { state, measures, context }: StepTools,
): Promise<{ outcome: RecoveryOutcome; because: string | null }> {
  for (const step of state.identity.runbook.steps) state.updateStep(step.id, { state: 'not-needed' });
  measures.adopt(input.left);
  await measures.undoAll(context);
  return {
    outcome: state.measures.length === 0 ? 'undone' : 'left-changed',
    because: `${input.startedBy}: repair of run ${input.ofRunId}`,
  };
}
