import type { SchedulesInput, SchedulesReport } from '../../workflows/contracts/operations.ts';
import type { DrCommand, Invocation } from '../command.ts';
import type { DrContext } from '../context.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { readOperationRequest } from '../operations/request.ts';
import { resultOf } from '../operations/run-workflow.ts';
import { withCommonOptions, withIdentity } from '../options.ts';
import { withExample } from '../output/help.ts';
import { schedulesScreen } from '../output/schedules-screen.ts';
import { screenFor, writeJson, writeLines } from '../output/screen.ts';

/** How many coming moments of each schedule are asked for: the next is shown, the others are for a script. */
const upcoming = 5;

/** `dr schedules`: shows when the operations run, and whether Temporal has the schedules as the policy says. */
export const schedules: DrCommand = {
  describe: (command) => {
    withIdentity(withCommonOptions(command));
    withExample(command, 'npx dr schedules');
  },
  run: (invocation, context) => run(invocation, context, false),
};

/** `dr schedules apply`: makes the schedules in Temporal what the policy says. */
export const applySchedules: DrCommand = {
  describe: (command) => {
    withIdentity(withCommonOptions(command));
    withExample(command, 'npx dr schedules apply');
  },
  run: (invocation, context) => run(invocation, context, true),
};

async function run(invocation: Invocation, context: DrContext, apply: boolean): Promise<ExitCode> {
  const command = apply ? 'schedules apply' : 'schedules';
  const { input, json } = readOperationRequest(invocation, context, command);
  const { environment, startedBy } = input;
  const report = await resultOf<SchedulesInput, SchedulesReport>(context, {
    type: 'schedules',
    name: 'schedules',
    input: { environment, apply, upcoming },
    environment,
    startedBy,
    readsOnly: !apply,
  });
  if (json) writeJson(context.stdout, report);
  else writeLines(context.stdout, schedulesScreen(environment, report, screenFor(context)));
  return exitCodes.fine;
}
