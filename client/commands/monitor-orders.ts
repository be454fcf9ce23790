import type { DrCommand } from '../command.ts';
import { giveOrder } from '../monitor/give-order.ts';
import { keepMonitorRunning } from '../monitor/schedule.ts';
import { withCommonOptions, withIdentity } from '../options.ts';
import { withExample } from '../output/help.ts';

/** `dr monitor silence`: nothing is opened or started for a time, such as during maintenance; it looks on. */
export const silence: DrCommand = {
  describe: (command) => {
    withIdentity(withCommonOptions(command))
      .option('--for <duration>', 'for how long, such as 90m or 2h; 24 hours at most')
      .option('--reason <text>', 'what is being done; everybody sees it');
    withExample(command, 'npx dr monitor silence --for 2h --reason "new version of the database"');
  },
  run: (invocation, context) =>
    giveOrder(
      {
        command: 'monitor silence',
        why: 'say what is being done; everybody sees it.',
        needsMonitor: true,
        read: ({ options, now }, problems) => {
          const forMs = readDuration(options.for);
          if (forMs === null) {
            problems.push(`--for: expected a duration such as 90m or 2h, got "${options.for ?? ''}".`);
            return null;
          }
          const until = new Date(now.getTime() + forMs).toISOString();
          return (sender) => ({ ...sender, kind: 'silence', until });
        },
      },
      invocation,
      context,
    ),
};

/** `dr monitor unsilence`: ends a silence; what is bad then is opened at once. */
export const unsilence: DrCommand = {
  describe: (command) => {
    withIdentity(withCommonOptions(command)).option('--reason <text>', 'why it ends; it is recorded');
    withExample(command, 'npx dr monitor unsilence --reason "done"');
  },
  run: (invocation, context) =>
    giveOrder(
      {
        command: 'monitor unsilence',
        why: 'say why it ends; it is recorded.',
        needsMonitor: true,
        read: () => (sender) => ({ ...sender, kind: 'unsilence' }),
      },
      invocation,
      context,
    ),
};

/** `dr monitor stop`: ends the monitor, and keeps its schedule from starting it again. */
export const stopMonitor: DrCommand = {
  describe: (command) => {
    withIdentity(withCommonOptions(command)).option('--reason <text>', 'why nobody needs to look');
    withExample(command, 'npx dr monitor stop --reason "production moves"');
  },
  run: (invocation, context) =>
    giveOrder(
      {
        command: 'monitor stop',
        why: 'say why nobody needs to look; it is recorded.',
        needsMonitor: true,
        read: () => (sender) => ({ ...sender, kind: 'stop' }),
        before: (access, environment, { by, reason }) =>
          keepMonitorRunning(access, environment, false, `stopped by ${by}: ${reason}`),
      },
      invocation,
      context,
    ),
};

const units = { m: 60_000, h: 3_600_000 } as const;

function readDuration(given: string | undefined): number | null {
  const [, amount, unit] = /^(\d{1,4})([mh])$/.exec(given?.trim() ?? '') ?? [];
  if (amount === undefined || (unit !== 'm' && unit !== 'h') || Number(amount) === 0) return null;
  return Number(amount) * units[unit];
}
