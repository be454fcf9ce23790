import type { ChecklistInput, ChecklistReport } from '../../workflows/contracts/checklist.ts';
import type { DrCommand, Invocation } from '../command.ts';
import type { DrContext } from '../context.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { readOperationRequest } from '../operations/request.ts';
import { resultOf } from '../operations/run-workflow.ts';
import { withCommonOptions, withIdentity } from '../options.ts';
import { checklistScreen } from '../output/checklist-screen.ts';
import { withExample } from '../output/help.ts';
import { screenFor, writeJson, writeLines } from '../output/screen.ts';

/** `dr checklist`: the procedure's daily, weekly and monthly checklist, answered by evidence. */
export const checklist: DrCommand = {
  describe: (command) => {
    withIdentity(withCommonOptions(command));
    withExample(command, 'npx dr checklist');
  },
  run: showChecklist,
};

async function showChecklist(invocation: Invocation, context: DrContext): Promise<ExitCode> {
  const { input, json } = readOperationRequest(invocation, context, 'checklist');
  const { environment, startedBy } = input;
  const report = await resultOf<ChecklistInput, ChecklistReport>(context, {
    type: 'checklist',
    name: 'checklist',
    input: { environment },
    environment,
    startedBy,
    readsOnly: true,
  });
  if (json) writeJson(context.stdout, report);
  else writeLines(context.stdout, checklistScreen(report, screenFor(context)));
  const due = report.items.some(({ state }) => state === 'overdue' || state === 'failed');
  return due ? exitCodes.failed : exitCodes.fine;
}
