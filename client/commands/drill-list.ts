import { type DrillsReport, listDrillsWorkflow } from '../../workflows/contracts/drills.ts';
import type { DrCommand } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { readOperationRequest } from '../operations/request.ts';
import { resultOf } from '../operations/run-workflow.ts';
import { withCommonOptions, withIdentity } from '../options.ts';
import { drillsScreen } from '../output/drills-screen.ts';
import { withExample } from '../output/help.ts';
import { screenFor, writeJson, writeLines } from '../output/screen.ts';

/** `dr drill list`: what can be drilled here, and how the last drills went. */
export const listDrills: DrCommand = {
  describe: (command) => {
    withIdentity(withCommonOptions(command));
    withExample(command, 'npx dr drill list');
  },
  run: async (invocation, context) => {
    const { input, json } = readOperationRequest(invocation, context, 'drill list');
    const { environment, startedBy } = input;
    const report = await resultOf<{ readonly environment: string }, DrillsReport>(context, {
      type: listDrillsWorkflow,
      name: 'drill-list',
      input: { environment },
      environment,
      startedBy,
      readsOnly: true,
    });
    if (json) writeJson(context.stdout, report);
    else writeLines(context.stdout, drillsScreen(report, screenFor(context)));
    return exitCodes.fine;
  },
};
