import { randomUUID } from 'node:crypto';
import type { MonitorOrder } from '../../workflows/contracts/monitor.ts';
import type { Invocation } from '../command.ts';
import { CommandStopped, refused, stopOnProblems } from '../command-stopped.ts';
import type { TemporalAccess } from '../connection.ts';
import type { DrContext } from '../context.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { type Options, optionsSchema, readIdentity, readReason, readScope } from '../options.ts';
import { commandText, nextLines } from '../output/command-text.ts';
import { screenFor, writeJson, writeLines } from '../output/screen.ts';
import { wrap } from '../output/text.ts';
import { lookAtMonitor, orderMonitor } from './look.ts';

/** Who sends an order, and why. */
type Sender = Pick<MonitorOrder, 'id' | 'by' | 'reason'>;

/** An order as a command describes it. */
interface OrderCommand {
  /** Its words after `npx dr`. */
  readonly command: string;
  /** What the reason is for. */
  readonly why: string;
  /** Whether the monitor must run; else it is started. */
  readonly needsMonitor: boolean;
  /** Reads the rest of what was typed; what is wrong is added to the problems. */
  readonly read: (
    typed: { readonly options: Options; readonly args: readonly string[]; readonly now: Date },
    problems: string[],
  ) => ((sender: Sender) => MonitorOrder) | null;
  /** What is done in Temporal before it is sent. */
  readonly before?: (access: TemporalAccess, environment: string, sender: Sender) => Promise<unknown>;
}

/**
 * Gives the monitor an order and prints its verdict.
 *
 * @throws CommandStopped with exit code 2 when it is refused or no monitor runs, 3 when no worker judged it
 */
export async function giveOrder(
  { command, why, needsMonitor, read, before }: OrderCommand,
  { args, options: typed }: Invocation,
  context: DrContext,
): Promise<ExitCode> {
  const options = optionsSchema.parse(typed);
  const problems: string[] = [];
  const { configuration, environment } = readScope(options, context, problems);
  const { name: by } = readIdentity(options, configuration, problems);
  const reason = readReason(options, problems, why);
  const make = read({ options, args, now: context.now() }, problems);
  stopOnProblems(problems, command);
  if (make === null) throw new Error('A problem of the input was not reported.');
  const sender = { id: randomUUID(), by, reason };
  const access = await context.connect(context.environment);
  try {
    if (needsMonitor) await requireMonitor(access, environment);
    await before?.(access, environment, sender);
    const verdict = await orderMonitor(access, environment, make(sender));
    if (verdict === null) throw delivered(environment);
    if (options.json) writeJson(context.stdout, { environment, verdict, identity: 'unverified' });
    else {
      const { style, width } = screenFor(context);
      const [tone, word] = verdict.accepted ? (['good', 'ACCEPTED'] as const) : (['bad', 'REFUSED'] as const);
      writeLines(context.stdout, [
        style(tone, word),
        ...wrap(`${verdict.verdict} (by ${by}, identity unverified)`, width),
        ...nextLines(
          [{ text: commandText({ command: 'monitor', environment }), why: 'how it stands' }],
          width,
        ),
      ]);
    }
    return verdict.accepted ? exitCodes.fine : exitCodes.refused;
  } finally {
    await access.close();
  }
}

async function requireMonitor(access: TemporalAccess, environment: string): Promise<void> {
  const look = await lookAtMonitor(access, environment);
  if (look.kind === 'found' && look.running) return;
  throw refused(
    `No monitor of ${environment} runs.`,
    `Start it: ${commandText({ command: 'monitor start', environment })}`,
  );
}

function delivered(environment: string): CommandStopped {
  return new CommandStopped(exitCodes.unknown, {
    happened: 'It was delivered, and no worker has judged it yet.',
    meaning: 'Temporal keeps it; it is judged as soon as a worker lives. Do not send it again.',
    next: `Start a worker: npm run worker, then ${commandText({ command: 'monitor', environment })}`,
  });
}
