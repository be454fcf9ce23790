import type { DrCommand, Invocation } from '../command.ts';
import { stopOnProblems } from '../command-stopped.ts';
import type { DrContext } from '../context.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { lookAtMonitor, type MonitorLook } from '../monitor/look.ts';
import { optionsSchema, readScope, withCommonOptions } from '../options.ts';
import { withExample } from '../output/help.ts';
import { lookDocument, lookScreen, neverRanLines } from '../output/look-screen.ts';
import { watchLines } from '../output/monitor-screen.ts';
import { screenFor, writeJson, writeLines } from '../output/screen.ts';
import { look } from '../recovery/look.ts';
import { missingWorkers, readPollers } from '../worker-health.ts';

/** How long the monitor may take to answer, ms: the recovery is what was asked for. */
const monitorMs = 2_000;

/** `dr status`: one look at the recovery of an environment. */
export const status: DrCommand = {
  describe: (command) => {
    withCommonOptions(command);
    withExample(command, 'npx dr status');
  },
  run: showStatus,
};

async function showStatus({ options: typed }: Invocation, context: DrContext): Promise<ExitCode> {
  const options = optionsSchema.parse(typed);
  const problems: string[] = [];
  const { environment } = readScope(options, context, problems);
  stopOnProblems(problems, 'status');
  const access = await context.connect(context.environment);
  try {
    const [seen, watch] = await Promise.all([
      look(access, environment),
      lookAtMonitor(access, environment, monitorMs).catch((): MonitorLook => ({ kind: 'never-ran' })),
    ]);
    const screen = screenFor(context);
    const monitor = monitorDocument(watch);
    if (!options.json) writeLines(context.stdout, watchLines(environment, watch, screen));
    if (seen === null) {
      const missing = missingWorkers(await readPollers(access.client.workflow));
      if (options.json)
        writeJson(context.stdout, { environment, run: null, troubles: missing ? [missing] : [], monitor });
      else writeLines(context.stdout, neverRanLines(environment, missing, screen));
      return exitCodes.fine;
    }
    if (options.json) {
      writeJson(context.stdout, { ...lookDocument(environment, seen, context.now()), monitor });
    } else writeLines(context.stdout, lookScreen(environment, seen, screen));
    return 'status' in seen.answer ? exitCodes.fine : exitCodes.unknown;
  } finally {
    await access.close();
  }
}

/** What a script is told of the monitor; null where none answers. */
function monitorDocument(watch: MonitorLook): object | null {
  if (watch.kind === 'never-ran' || watch.status === null) return null;
  const { open, silence, lookedAt } = watch.status;
  return { running: watch.running, lookedAt, incident: open?.incident ?? null, silence };
}
