import { undoFactsQuery } from '../../workflows/contracts/messages.ts';
import type { RecoveryReport } from '../../workflows/contracts/report.ts';
import { Recovery } from '../end-to-end/recovery.ts';
import type { SandboxProduction } from '../sandbox/index.ts';

/** Takes back, as a person would by `dr`, what a run left in force; tells what could not be. */
export async function repairLeftovers(
  sandbox: SandboxProduction,
  recovery: Recovery,
  { status: { measures, scenario, destroyed } }: RecoveryReport,
): Promise<readonly string[]> {
  if (measures.length === 0) return [];
  const facts = await recovery.handle.query(undoFactsQuery);
  const repair = await Recovery.launch(
    sandbox,
    {
      environment: 'sandbox',
      startedBy: 'admin',
      reason: 'the case is over',
      ofRunId: recovery.runId,
      left: { measures, facts, destroyed },
    },
    scenario,
  );
  const { outcome, status } = await repair.result();
  return outcome === 'undone' && status.measures.length === 0
    ? []
    : [`the repair ended as ${outcome} with ${status.measures.map(({ inForce }) => inForce).join('; ')}`];
}
