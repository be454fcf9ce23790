import type { WorkflowExecutionInfo } from '@temporalio/client';
import { recoveryWorkflowId } from '../../workflows/contracts/names.ts';
import type { DrCommand, Invocation } from '../command.ts';
import { stopOnProblems } from '../command-stopped.ts';
import type { TemporalAccess } from '../connection.ts';
import type { DrContext } from '../context.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { optionsSchema, readScope, withCommonOptions } from '../options.ts';
import { commandText, nextLines } from '../output/command-text.ts';
import { withExample } from '../output/help.ts';
import { type ListedRun, listScreen } from '../output/list-screen.ts';
import { screenFor, writeJson, writeLines } from '../output/screen.ts';
import { outlineOf } from '../recovery/run.ts';

/** How long Temporal may take to list, in ms. */
const listMs = 10_000;

/** How many runs are listed, newest first. */
const limit = 50;

/** `dr list`: recoveries and plans of an environment, newest first. */
export const list: DrCommand = {
  describe: (command) => {
    withCommonOptions(command);
    withExample(command, 'npx dr list');
  },
  run: showList,
};

async function showList({ options: typed }: Invocation, context: DrContext): Promise<ExitCode> {
  const options = optionsSchema.parse(typed);
  const problems: string[] = [];
  const { environment } = readScope(options, context, problems);
  stopOnProblems(problems, 'list');
  const access = await context.connect(context.environment);
  try {
    const runs = await readRuns(access, environment);
    if (options.json) writeJson(context.stdout, runs);
    else {
      const screen = screenFor(context);
      writeLines(context.stdout, [
        ...(runs.length === 0
          ? [`No recovery and no plan of ${environment} is recorded.`]
          : listScreen(runs, screen)),
        ...nextLines(
          [
            { text: commandText({ command: 'status', environment }), why: 'the newest recovery' },
            {
              text: commandText({ command: 'report', environment, options: { run: 'RUN' } }),
              why: 'the report of one',
            },
          ],
          screen.width,
        ),
      ]);
    }
    return exitCodes.fine;
  } finally {
    await access.close();
  }
}

/** By workflow id, which also finds runs that were started without search attributes. */
async function readRuns(access: TemporalAccess, environment: string): Promise<ListedRun[]> {
  const query = `WorkflowId = "${recoveryWorkflowId(environment)}" OR WorkflowId STARTS_WITH "plan-${environment}-"`;
  const runs: ListedRun[] = [];
  await access.client.withDeadline(Date.now() + listMs, async () => {
    for await (const info of access.client.workflow.list({ query })) {
      if (isOf(environment, info)) runs.push(listed(info));
      if (runs.length >= limit) break;
    }
  });
  return runs;
}

function isOf(environment: string, { workflowId }: WorkflowExecutionInfo): boolean {
  return (
    workflowId === recoveryWorkflowId(environment) ||
    /^\d+$/.test(workflowId.slice(`plan-${environment}-`.length))
  );
}

function listed(info: WorkflowExecutionInfo): ListedRun {
  return {
    kind: info.workflowId.startsWith('plan-') ? 'plan' : 'recovery',
    workflowId: info.workflowId,
    runId: info.runId,
    state: info.status.name,
    startedAt: info.startTime.toISOString(),
    closedAt: info.closeTime?.toISOString() ?? null,
    ...outlineOf(info),
  };
}
