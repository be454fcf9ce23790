import {
  type RetentionPlanInput,
  type RetentionPlanReport,
  retentionPlanWorkflow,
} from '../../workflows/contracts/retention.ts';
import type { DrCommand, Invocation } from '../command.ts';
import type { DrContext } from '../context.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { runOperationCommand } from '../operations/operation-command.ts';
import { readOperationRequest } from '../operations/request.ts';
import { resultOf } from '../operations/run-workflow.ts';
import { optionsSchema, withCommonOptions, withIdentity } from '../options.ts';
import { withExample } from '../output/help.ts';
import { retentionScreen } from '../output/retention-screen.ts';
import { screenFor, writeJson, writeLines } from '../output/screen.ts';

/** `dr backup retention`: says which backups nothing asks to keep, and removes them. */
export const applyRetention: DrCommand = {
  describe: (command) => {
    withIdentity(withCommonOptions(command)).option('--preview', 'only say what would be removed, and why');
    withExample(command, 'npx dr backup retention --preview', 'npx dr backup retention');
  },
  run: async (invocation, context) => {
    const { preview, json } = optionsSchema.parse(invocation.options);
    if (preview) return showPlan(invocation, context);
    // A script gets one document, whose details say the same.
    const shown = json ? exitCodes.fine : await showPlan(invocation, context);
    if (shown !== exitCodes.fine) return shown;
    return runOperationCommand(
      {
        operation: 'retention',
        command: 'backup retention',
        next: { command: 'backup validate', why: 'look at what is kept' },
      },
      invocation,
      context,
    );
  },
};

async function showPlan(invocation: Invocation, context: DrContext): Promise<ExitCode> {
  const { input, json } = readOperationRequest(invocation, context, 'backup retention');
  const { environment, startedBy } = input;
  const report = await resultOf<RetentionPlanInput, RetentionPlanReport>(context, {
    type: retentionPlanWorkflow,
    name: 'retention-plan',
    input: { environment },
    environment,
    startedBy,
    readsOnly: true,
  });
  if (json) writeJson(context.stdout, report);
  else writeLines(context.stdout, retentionScreen(report, screenFor(context)));
  return report.locations.some((one) => 'failure' in one) ? exitCodes.failed : exitCodes.fine;
}
