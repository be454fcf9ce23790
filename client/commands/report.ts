import { z } from 'zod';
import { reportQuery } from '../../workflows/contracts/messages.ts';
import type { RecoveryReport } from '../../workflows/contracts/report.ts';
import { recoveryDocument } from '../../workflows/runbook/documents/recovery.ts';
import type { DrCommand, Invocation } from '../command.ts';
import { CommandStopped, refused, stopOnProblems } from '../command-stopped.ts';
import type { DrContext } from '../context.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { optionsSchema, readScope, withCommonOptions, withIdentity } from '../options.ts';
import { commandText } from '../output/command-text.ts';
import { readFormat, writeDocument } from '../output/document.ts';
import { withExample } from '../output/help.ts';
import { screenFor, writeLines } from '../output/screen.ts';
import { findRun, type RecoveryRun, readReport, whyNoAnswer } from '../recovery/run.ts';
import { defaultMonths, showTrend } from './report-trend.ts';

const reportOptions = optionsSchema.extend({
  html: z.boolean().default(false),
  trend: z.boolean().default(false),
  output: z.string().optional(),
  months: z.string().optional(),
});

/** How long a run may take to answer for its report, in ms. */
const queryMs = 5000;

/** `dr report`: the report of a recovery that is over, or the figures of months. */
export const report: DrCommand = {
  describe: (command) => {
    withIdentity(withCommonOptions(command))
      .option('--run <id>', 'which run (else the newest); dr list shows them')
      .option('--markdown', 'print the whole report as Markdown')
      .option('--html', 'print it as one HTML page with its timeline')
      .option('--output <file>', 'write it to a file; .html, .md or .json says how')
      .option('--trend', 'RTO, RPO, size and age of backups over months instead')
      .option('--months <number>', `--trend only: how many (else ${defaultMonths})`);
    withExample(
      command,
      'npx dr report',
      'npx dr report --output recovery.html',
      'npx dr report --trend --output trend.html',
    );
  },
  run: showReport,
};

async function showReport(invocation: Invocation, context: DrContext): Promise<ExitCode> {
  const options = reportOptions.parse(invocation.options);
  const { output } = options;
  const problems: string[] = [];
  const format = readFormat(options, problems);
  if (options.trend) {
    if (options.run !== undefined) problems.push('--run: --trend shows every run; leave it out.');
    return showTrend(invocation, context, { format, output }, problems);
  }
  if (options.months !== undefined) problems.push('--months: goes with --trend only.');
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
    if (format === null) {
      const { reportScreen } = await import('../output/report-screen.ts');
      writeLines(context.stdout, reportScreen(found, screenFor(context)));
    } else {
      await writeDocument(context, { document: recoveryDocument(found), json: found }, { format, output });
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
