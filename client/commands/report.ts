import { reportQuery } from '../../workflows/contracts/messages.ts';
import type { RecoveryReport } from '../../workflows/contracts/report.ts';
import type { DrCommand, Invocation } from '../command.ts';
import { CommandStopped, refused, stopOnProblems } from '../command-stopped.ts';
import type { DrContext } from '../context.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { optionsSchema, readScope, withCommonOptions } from '../options.ts';
import { commandText } from '../output/command-text.ts';
import { withExample } from '../output/help.ts';
import { screenFor, writeJson, writeLines } from '../output/screen.ts';
import { findRun, type RecoveryRun, readReport, whyNoAnswer } from '../recovery/run.ts';

/** How long a run may take to answer for its report, in ms. */
const queryMs = 5000;

/** `dr report`: the report of a recovery that is over. */
export const report: DrCommand = {
  describe: (command) => {
    withCommonOptions(command)
      .option('--run <id>', 'which run (else the newest); dr list shows them')
      .option('--markdown', 'print the whole report as Markdown');
    withExample(command, 'npx dr report', 'npx dr report --markdown > recovery.md');
  },
  run: showReport,
};

async function showReport({ options: typed }: Invocation, context: DrContext): Promise<ExitCode> {
  const options = optionsSchema.parse(typed);
  const problems: string[] = [];
  const { environment } = readScope(options, context, problems);
  stopOnProblems(problems, 'report');
  const access = await context.connect(context.environment);
  try {
    const run = await findRun(access, environment, options.run);
    if (run === null) {
      const which = options.run === undefined ? '' : ` with id ${options.run}`;
      throw refused(
        `There is no recovery of ${environment}${which}.`,
        `See which there are: ${commandText({ command: 'list', environment })}`,
      );
    }
    const found = await reportOf(run, environment);
    if (options.json) writeJson(context.stdout, found);
    else if (options.markdown) {
      const { renderReport } = await import('../../workflows/runbook/report-markdown.ts');
      writeLines(context.stdout, [renderReport(found).trimEnd()]);
    } else {
      const { reportScreen } = await import('../output/report-screen.ts');
      writeLines(context.stdout, reportScreen(found, screenFor(context)));
    }
    return exitCodes.fine;
  } finally {
    await access.close();
  }
}

async function reportOf(run: RecoveryRun, environment: string): Promise<RecoveryReport> {
  const state = run.description.status.name;
  if (state === 'COMPLETED') return readReport(run.handle);
  const next = `See how it stands: ${commandText({ command: 'status', environment })}`;
  if (!run.closed) {
    throw new CommandStopped(exitCodes.unknown, {
      happened: `The recovery of ${environment} is not over, so it has no report yet.`,
      meaning: 'Nothing was changed.',
      next,
    });
  }
  const found = await run.handle.client
    .withDeadline(Date.now() + queryMs, () => run.handle.query(reportQuery))
    .catch((error: unknown) => whyNoAnswer(error, queryMs));
  if (found !== null && typeof found !== 'string') return found;
  throw new CommandStopped(exitCodes.failed, {
    happened: `The run was ended midway (${state}) and left no report${found === null ? '' : `: ${found}`}.`,
    meaning: 'What it did stands in its history only.',
    next,
  });
}
