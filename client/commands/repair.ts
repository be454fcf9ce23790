import type { RepairInput } from '../../workflows/contracts/inputs.ts';
import { isRunnableScenario } from '../../workflows/contracts/names.ts';
import { utc } from '../../workflows/runbook/format.ts';
import type { DrCommand, Invocation } from '../command.ts';
import { refused, stopOnProblems } from '../command-stopped.ts';
import type { DrContext } from '../context.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import {
  optionsSchema,
  readIdentity,
  readReason,
  readScope,
  withCommonOptions,
  withIdentity,
} from '../options.ts';
import { commandText, nextLines } from '../output/command-text.ts';
import { withExample } from '../output/help.ts';
import { screenFor, writeJson, writeLines } from '../output/screen.ts';
import { hang } from '../output/text.ts';
import { look } from '../recovery/look.ts';
import { occupied } from '../recovery/occupied.ts';
import { requireWorkers } from '../recovery/ready.ts';
import { dangerOfReopening } from '../recovery/reopening.ts';
import { startRun } from '../recovery/start-run.ts';
import { whatWasLeft } from '../recovery/what-was-left.ts';

/** `dr repair`: takes back what a run that is over left in force. */
export const repair: DrCommand = {
  describe: (command) => {
    withIdentity(withCommonOptions(command))
      .option('--run <id>', 'which run left it (else the newest); dr list shows them')
      .option('--reason <text>', 'why; recorded')
      .option('--accept-unverified-data', 'open production again although nobody verified its data');
    withExample(command, 'npx dr repair --reason "the run was terminated by mistake" --as anna');
  },
  run: startRepair,
};

async function startRepair({ options: typed }: Invocation, context: DrContext): Promise<ExitCode> {
  const options = optionsSchema.parse(typed);
  const problems: string[] = [];
  const { configuration, environment } = readScope(options, context, problems);
  const identity = readIdentity(options, configuration, problems);
  const reason = readReason(options, problems, 'say why; it is recorded.');
  stopOnProblems(problems, 'repair');
  const access = await context.connect(context.environment);
  try {
    await requireWorkers(access);
    const seen = await look(access, environment, options.run);
    if (seen !== null && !seen.run.closed) throw await occupied(access, environment);
    const { status, left } = await whatWasLeft(seen, environment);
    const { scenario, measures, runId: ofRunId } = status;
    if (!isRunnableScenario(scenario))
      throw refused(`The scenario ${scenario} has no runbook here.`, 'Update the client.');
    const danger = dangerOfReopening(status);
    if (danger !== null && !options.acceptUnverifiedData) throw danger;
    const input: RepairInput = { environment, startedBy: identity.name, reason, ofRunId, left };
    const summary = `Repair of run ${ofRunId} in ${environment}, by ${identity.name}`;
    const details = [`**${summary}**`, ...measures.map(({ inForce }) => `- takes back: ${inForce}`)].join(
      '\n',
    );
    const { handle, runId } = await startRun(access, scenario, input, summary, details);
    if (options.json) writeJson(context.stdout, { scenario, workflowId: handle.workflowId, runId, input });
    else {
      const screen = screenFor(context);
      writeLines(context.stdout, [
        screen.style('good', `STARTED  repair in ${environment} by ${identity.name} (identity unverified)`),
        ...measures.flatMap(({ inForce, since, step }) =>
          hang('  takes back: ', `${inForce}, since ${utc(since)} (${step})`, screen.width),
        ),
        `  run: ${handle.workflowId} ${runId}`,
        ...nextLines(
          [{ text: commandText({ command: 'watch', environment }), why: 'follow it' }],
          screen.width,
        ),
      ]);
    }
    return exitCodes.fine;
  } finally {
    await access.close();
  }
}
