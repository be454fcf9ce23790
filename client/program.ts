import { Command, CommanderError } from 'commander';
import type { DrCommand, Invocation } from './command.ts';
import { CommandStopped, refused } from './command-stopped.ts';
import type { DrContext } from './context.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { failureDocument, failureScreen } from './output/failure-screen.ts';
import { exitCodesHelp } from './output/help.ts';
import { screenFor, writeJson, writeLines } from './output/screen.ts';
import { styleFor } from './output/style.ts';

/** A command's line in the help, and how to load the rest of it. */
interface Entry {
  readonly usage: string;
  readonly summary: string;
  readonly load: () => Promise<DrCommand>;
  /** Commands below it, by the word that follows. */
  readonly below?: Readonly<Record<string, Entry>>;
  /** Whether it takes a word of its own beside those commands. */
  readonly takesWord?: true;
}

const entries: Readonly<Record<string, Entry>> = {
  start: {
    usage: 'start [scenario]',
    summary: 'start a recovery',
    load: async () => (await import('./commands/start.ts')).start,
  },
  plan: {
    usage: 'plan [scenario]',
    summary: 'show what a recovery would find and do; changes nothing',
    load: async () => (await import('./commands/plan.ts')).plan,
  },
  status: {
    usage: 'status',
    summary: 'show how the recovery stands and what it asks',
    load: async () => (await import('./commands/status.ts')).status,
  },
  watch: {
    usage: 'watch',
    summary: 'follow the recovery until it ends',
    load: async () => (await import('./commands/watch.ts')).watch,
  },
  approve: {
    usage: 'approve',
    summary: 'approve exactly the plan that you read',
    load: async () => (await import('./commands/approve.ts')).approve,
  },
  reject: {
    usage: 'reject',
    summary: 'reject the plan: the run goes to its safe state',
    load: async () => (await import('./commands/reject.ts')).reject,
  },
  retry: {
    usage: 'retry',
    summary: 'try the failed step again',
    load: async () => (await import('./commands/retry.ts')).retry,
  },
  replan: {
    usage: 'replan',
    summary: 'go back to another moment instead: new plan, new approval',
    load: async () => (await import('./commands/replan.ts')).replan,
  },
  skip: {
    usage: 'skip',
    summary: 'leave the failed step out, where that is allowed',
    load: async () => (await import('./commands/skip.ts')).skip,
  },
  'go-over': {
    usage: 'go-over',
    summary: 'go over into the other scenario that the question offers',
    load: async () => (await import('./commands/go-over.ts')).goOver,
  },
  abort: {
    usage: 'abort',
    summary: 'stop the run, at any time: it goes to its safe state',
    load: async () => (await import('./commands/abort.ts')).abort,
  },
  confirm: {
    usage: 'confirm',
    summary: 'confirm that a person did a manual step, and what they saw',
    load: async () => (await import('./commands/confirm.ts')).confirm,
  },
  list: {
    usage: 'list',
    summary: 'list recoveries and plans',
    load: async () => (await import('./commands/list.ts')).list,
  },
  report: {
    usage: 'report',
    summary: 'print the report of a recovery that is over, or the figures of months',
    load: async () => (await import('./commands/report.ts')).report,
  },
  repair: {
    usage: 'repair',
    summary: 'take back what a run that is over left in force',
    load: async () => (await import('./commands/repair.ts')).repair,
  },
  backup: {
    usage: 'backup',
    summary: 'take a backup now, and look after backups',
    load: async () => (await import('./commands/backup.ts')).backup,
    below: {
      list: {
        usage: 'list',
        summary: 'list what is stored where, newest first',
        load: async () => (await import('./commands/backup-list.ts')).listBackups,
      },
      restore: {
        usage: 'restore [name]',
        summary: 'restore a backup into a database that is not production',
        load: async () => (await import('./commands/backup-restore.ts')).restoreBackup,
      },
      validate: {
        usage: 'validate',
        summary: "check the provider's backups, our own and the database",
        load: async () => (await import('./commands/backup-validate.ts')).validateBackups,
      },
      'test-restore': {
        usage: 'test-restore',
        summary: 'restore the newest backup elsewhere and look at it',
        load: async () => (await import('./commands/backup-test-restore.ts')).testRestore,
      },
      retention: {
        usage: 'retention',
        summary: 'remove backups that nothing asks to keep',
        load: async () => (await import('./commands/backup-retention.ts')).applyRetention,
      },
      configuration: {
        usage: 'configuration',
        summary: 'store the encrypted configuration',
        load: async () => (await import('./commands/backup-configuration.ts')).backUpConfiguration,
      },
      'full-test': {
        usage: 'full-test',
        summary: 'back up, validate, restore from every location',
        load: async () => (await import('./commands/backup-full-test.ts')).testEverything,
      },
    },
  },
  uploads: {
    usage: 'uploads',
    summary: 'look after the copy of the uploaded files',
    load: async () => (await import('./commands/uploads.ts')).uploads,
    below: {
      sync: {
        usage: 'sync',
        summary: 'copy uploaded files to where the policy says',
        load: async () => (await import('./commands/uploads.ts')).syncUploads,
      },
    },
  },
  drill: {
    usage: 'drill [scenario]',
    summary: 'break an environment that is not production, and recover it by the runbook',
    load: async () => (await import('./commands/drill.ts')).drill,
    takesWord: true,
    below: {
      list: {
        usage: 'list',
        summary: 'show what can be drilled here, and how the last drills went',
        load: async () => (await import('./commands/drill-list.ts')).listDrills,
      },
    },
  },
  schedules: {
    usage: 'schedules',
    summary: 'show when backups, tests and checks run',
    load: async () => (await import('./commands/schedules.ts')).schedules,
    below: {
      apply: {
        usage: 'apply',
        summary: 'make the schedules what the policy says',
        load: async () => (await import('./commands/schedules.ts')).applySchedules,
      },
    },
  },
  monitor: {
    usage: 'monitor',
    summary: 'show what the monitor sees, what it opened, what silences it',
    load: async () => (await import('./commands/monitor.ts')).monitor,
    below: {
      start: {
        usage: 'start',
        summary: 'start the monitor',
        load: async () => (await import('./commands/monitor.ts')).startMonitor,
      },
      stop: {
        usage: 'stop',
        summary: 'end the monitor, and keep it ended',
        load: async () => (await import('./commands/monitor-orders.ts')).stopMonitor,
      },
      silence: {
        usage: 'silence',
        summary: 'open and start nothing for a time, such as during maintenance',
        load: async () => (await import('./commands/monitor-orders.ts')).silence,
      },
      unsilence: {
        usage: 'unsilence',
        summary: 'end the silence: what is bad is opened at once',
        load: async () => (await import('./commands/monitor-orders.ts')).unsilence,
      },
    },
  },
  'report-incident': {
    usage: 'report-incident [signal]',
    summary: 'tell the monitor what it does not see; it proposes what fits',
    load: async () => (await import('./commands/report-incident.ts')).reportIncident,
  },
  checklist: {
    usage: 'checklist',
    summary: 'answer the checklist: what was done when, what is overdue',
    load: async () => (await import('./commands/checklist.ts')).checklist,
  },
  procedure: {
    usage: 'procedure [scenario]',
    summary: 'print a procedure for recovering by hand; works without Temporal',
    load: async () => (await import('./commands/procedure.ts')).procedure,
  },
  doctor: {
    usage: 'doctor',
    summary: 'look whether a recovery could begin now: the production checklist',
    load: async () => (await import('./commands/doctor.ts')).doctor,
  },
  review: {
    usage: 'review',
    summary: 'show the audits and reviews: what they ask, what was answered',
    load: async () => (await import('./commands/review.ts')).review,
    below: {
      start: {
        usage: 'start [name]',
        summary: 'begin a review now',
        load: async () => (await import('./commands/review.ts')).startReview,
      },
    },
  },
  attest: {
    usage: 'attest [item]',
    summary: 'vouch for what no program can know, such as that the team is trained',
    load: async () => (await import('./commands/attest.ts')).attest,
  },
};

/**
 * The `dr` command.
 *
 * @param argv words after the name of the program
 * @param context everything that it needs of the world
 * @returns the exit code; every failure is printed, none is thrown
 */
export async function runDr(argv: readonly string[], context: DrContext): Promise<ExitCode> {
  let exitCode: ExitCode = exitCodes.fine;
  try {
    const program = await declare(argv, context, (code) => {
      exitCode = code;
    });
    await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) {
      return error.exitCode === 0 ? exitCodes.fine : refuseUsage(error, argv, context);
    }
    return tell(stoppedBy(error), argv, context);
  }
}

async function declare(
  argv: readonly string[],
  context: DrContext,
  done: (code: ExitCode) => void,
): Promise<Command> {
  const program = new Command('npx dr');
  const output = {
    writeOut: (text: string) => void context.stdout.write(text),
    writeErr: (text: string) => (wantsJson(argv) ? undefined : void context.stderr.write(text)),
    getOutHelpWidth: () => 80,
    getErrHelpWidth: () => 80,
    getOutHasColors: () => false,
    getErrHasColors: () => false,
  };
  program
    .description("VendHub's disaster recovery: start, follow and decide.")
    .exitOverride()
    .configureOutput(output)
    .configureHelp({ showGlobalOptions: false })
    .addHelpText('after', exitCodesHelp)
    .addHelpText(
      'after',
      '\nExample:\n  npx dr plan data-loss --just-before 2025-11-29T03:12:00Z --reason "sales gone"',
    );
  await declareBelow(program, entries, argv, async (run, invocation) => done(await run(invocation, context)));
  return program;
}

type Give = (run: DrCommand['run'], invocation: Invocation) => Promise<void>;

/** Only the commands that are named are loaded. */
async function declareBelow(
  parent: Command,
  commands: Readonly<Record<string, Entry>>,
  argv: readonly string[],
  give: Give,
): Promise<void> {
  for (const [name, { usage, summary, load, below, takesWord }] of Object.entries(commands)) {
    const command = parent.command(usage).summary(summary).description(`${summary}.`);
    if (!argv.includes(name)) continue;
    const { describe, run } = await load();
    describe(command);
    command.addHelpText('after', exitCodesHelp);
    command.action(() => {
      if (below !== undefined && takesWord !== true) refuseUnknownBelow(command);
      return give(run, { args: command.args, options: optionsOf(command) });
    });
    if (below === undefined) continue;
    await declareBelow(command, below, argv, give);
    command.enablePositionalOptions().allowExcessArguments();
  }
}

function refuseUnknownBelow(command: Command): void {
  const [word] = command.args;
  if (word === undefined) return;
  const name = command.name();
  throw refused(`There is no command "${name} ${word}".`, `See which there are: npx dr ${name} --help`);
}

/** Options may stand before the last word of a command too; one that it does not have is refused, not passed over. */
function optionsOf(command: Command): object {
  const given = command.parent?.opts() ?? {};
  for (const key of Object.keys(given)) {
    if (command.options.some((option) => option.attributeName() === key)) continue;
    throw refused(`${command.name()} has no option --${key}.`, 'Leave it out, and give the command again.');
  }
  return { ...given, ...command.opts() };
}

function stoppedBy(error: unknown): CommandStopped {
  if (error instanceof CommandStopped) return error;
  return new CommandStopped(exitCodes.failed, {
    happened: error instanceof Error ? `${error.name}: ${error.message}` : 'Something unforeseen went wrong.',
    meaning: 'The command did not do all that was asked; a run that was started goes on.',
    next: 'See how it stands: npx dr status',
  });
}

/** Commander has told a person already; a script is told here. */
function refuseUsage({ message }: CommanderError, argv: readonly string[], context: DrContext): ExitCode {
  if (!wantsJson(argv)) return exitCodes.refused;
  return tell(refused(message, 'See npx dr --help.'), argv, context);
}

function wantsJson(argv: readonly string[]): boolean {
  return argv.includes('--json');
}

function tell(stopped: CommandStopped, argv: readonly string[], context: DrContext): ExitCode {
  if (wantsJson(argv)) {
    writeJson(context.stdout, failureDocument(stopped));
  } else {
    const { width } = screenFor(context);
    writeLines(context.stderr, failureScreen(stopped, width, styleFor(context.stderr, context.environment)));
  }
  return stopped.exitCode;
}
