import type { DrCommand, Invocation } from '../command.ts';
import { stopOnProblems } from '../command-stopped.ts';
import type { DrContext } from '../context.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { lookAtMonitor, startMonitor as startOn } from '../monitor/look.ts';
import { keepMonitorRunning } from '../monitor/schedule.ts';
import { optionsSchema, readIdentity, readScope, withCommonOptions, withIdentity } from '../options.ts';
import { commandText, nextLines } from '../output/command-text.ts';
import { withExample } from '../output/help.ts';
import { monitorScreen } from '../output/monitor-screen.ts';
import { screenFor, writeJson, writeLines } from '../output/screen.ts';
import { requireWorkers } from '../recovery/ready.ts';

/** `dr monitor`: what the monitor sees, what it opened, and what silences it. */
export const monitor: DrCommand = {
  describe: (command) => {
    withCommonOptions(command);
    withExample(command, 'npx dr monitor');
  },
  run: showMonitor,
};

/** `dr monitor start`: starts the monitor, and lets the schedule that keeps it running go on. */
export const startMonitor: DrCommand = {
  describe: (command) => {
    withIdentity(withCommonOptions(command));
    withExample(command, 'npx dr monitor start');
  },
  run: start,
};

async function showMonitor({ options: typed }: Invocation, context: DrContext): Promise<ExitCode> {
  const options = optionsSchema.parse(typed);
  const problems: string[] = [];
  const { environment } = readScope(options, context, problems);
  stopOnProblems(problems, 'monitor');
  const access = await context.connect(context.environment);
  try {
    const look = await lookAtMonitor(access, environment);
    if (options.json) writeJson(context.stdout, { environment, ...look });
    else writeLines(context.stdout, monitorScreen(environment, look, screenFor(context)));
    return look.kind === 'found' && look.running && look.status === null ? exitCodes.unknown : exitCodes.fine;
  } finally {
    await access.close();
  }
}

async function start({ options: typed }: Invocation, context: DrContext): Promise<ExitCode> {
  const options = optionsSchema.parse(typed);
  const problems: string[] = [];
  const { configuration, environment } = readScope(options, context, problems);
  const { name } = readIdentity(options, configuration, problems);
  stopOnProblems(problems, 'monitor start');
  const access = await context.connect(context.environment);
  try {
    await requireWorkers(access);
    const before = await lookAtMonitor(access, environment);
    const kept = await keepMonitorRunning(access, environment, true, `started by ${name}`);
    await startOn(access, environment);
    const ran = before.kind === 'found' && before.running;
    if (options.json) {
      writeJson(context.stdout, { environment, ranAlready: ran, keptRunning: kept });
      return exitCodes.fine;
    }
    const { width } = screenFor(context);
    writeLines(context.stdout, [
      ran ? `The monitor of ${environment} runs already.` : `STARTED  the monitor of ${environment}`,
      ...(kept ? [] : ['No schedule starts it again if it ends.']),
      ...nextLines(
        [
          { text: commandText({ command: 'monitor', environment }), why: 'what it sees' },
          ...(kept
            ? []
            : [{ text: commandText({ command: 'schedules apply', environment }), why: 'keep it running' }]),
        ],
        width,
      ),
    ]);
    return exitCodes.fine;
  } finally {
    await access.close();
  }
}
