import { PassThrough } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { DrillInput } from '../../workflows/contracts/drills.ts';
import { isRunnableScenario, scenarioWorkflows } from '../../workflows/contracts/names.ts';
import type { OperationInput } from '../../workflows/contracts/operations.ts';
import type { DrCommand, Invocation } from '../command.ts';
import type { DrContext } from '../context.ts';
import type { ExitCode } from '../exit-codes.ts';
import { runOperationCommand } from '../operations/operation-command.ts';
import { optionsSchema, readScope, withCommonOptions, withIdentity } from '../options.ts';
import { withExample } from '../output/help.ts';
import { findRun } from '../recovery/run.ts';
import { watchUntilEnd } from '../recovery/watch-until-end.ts';

const drillSchema = z.object({
  fault: z.string().trim().min(1).optional(),
  surprise: z.boolean().default(false),
  simulateApprovals: z.boolean().default(false),
  unaided: z.boolean().default(false),
  watch: z.boolean().default(false),
  participants: z
    .string()
    .transform((names) => names.split(',').map((name) => name.trim()))
    .optional(),
});

/** How often is looked whether the recovery has begun, ms. */
const lookEveryMs = 500;

/** `dr drill`: breaks an environment that is not production, and recovers it by the runbook. */
export const drill: DrCommand = {
  describe: (command) => {
    withIdentity(withCommonOptions(command))
      .option('--fault <id>', 'what is broken (dr drill list); else the first of the scenario')
      .option('--surprise', 'scenario and fault are drawn by lot, and not told before the record')
      .option('--simulate-approvals', 'the drill gives every answer itself, marked as simulated')
      .option('--unaided', 'the monitor has to notice, and to start the recovery')
      .option('--participants <names>', 'who takes part, with commas between: names of the policy')
      .option('--watch', 'follow its recovery live');
    withExample(
      command,
      'npx dr drill database-corruption --simulate-approvals',
      'npx dr drill --surprise --participants oncall,admin --watch',
    );
  },
  run: (invocation, context) => {
    const { problems, words, request } = readRequest(invocation);
    const { watch, ...asked } = request;
    const operation: HoldDrill = (within, whenOver) =>
      runOperationCommand(
        {
          operation: 'drill',
          whenOver,
          command: words,
          problems,
          arguments: asked,
          next: { command: 'drill list', why: 'the last drills, and what else can be drilled' },
        },
        invocation,
        within,
      );
    return watch && problems.length === 0
      ? watching(invocation, context, operation)
      : operation(context, async () => undefined);
  },
};

/** Holds the drill; what is to be done before its record is printed is done when it is over. */
type HoldDrill = (within: DrContext, whenOver: () => Promise<void>) => Promise<ExitCode>;

/** What is asked for beside environment and starter. */
type DrillRequest = Omit<DrillInput, keyof OperationInput>;

function readRequest({ args, options }: Invocation): {
  readonly problems: readonly string[];
  readonly words: string;
  readonly request: DrillRequest & { readonly watch: boolean };
} {
  const { fault, participants, ...flags } = drillSchema.parse(options);
  const [scenario] = args;
  const problems: string[] = [];
  if (scenario !== undefined && !isRunnableScenario(scenario)) {
    const known = Object.keys(scenarioWorkflows).join(', ');
    problems.push(`scenario: "${scenario}" has no runbook; known are: ${known}.`);
  }
  if (flags.surprise && (scenario !== undefined || fault !== undefined)) {
    problems.push('--surprise: scenario and fault are drawn by lot; leave them out.');
  }
  if (participants?.some((name) => name === '') === true) {
    problems.push('--participants: expected names with commas between.');
  }
  return {
    problems,
    words: `drill${scenario === undefined ? '' : ` ${scenario}`}`,
    request: {
      ...flags,
      scenario: scenario !== undefined && isRunnableScenario(scenario) ? scenario : null,
      fault: fault ?? null,
      ...(participants === undefined ? {} : { participants }),
    },
  };
}

/** Shows the recovery as soon as there is one, while the drill goes on, and then the record of the drill. */
async function watching(
  { options: typed }: Invocation,
  context: DrContext,
  operation: HoldDrill,
): Promise<ExitCode> {
  const options = optionsSchema.parse(typed);
  const { environment } = readScope(options, context, []);
  const since = context.now();
  let over = false;
  // Two that draw on the terminal at once would write over each other.
  const quiet: DrContext = { ...context, stderr: new PassThrough() };
  const followed = follow().catch(() => undefined);
  const whenOver = () => {
    over = true;
    return followed;
  };
  return operation(quiet, whenOver).finally(whenOver);

  async function follow(): Promise<void> {
    const access = await context.connect(context.environment);
    try {
      while (!over) {
        const run = await findRun(access, environment);
        if (run !== null && run.description.startTime >= since) {
          if (!options.json) await watchUntilEnd(run.handle, false, context);
          return;
        }
        await delay(lookEveryMs);
      }
    } finally {
      await access.close();
    }
  }
}
