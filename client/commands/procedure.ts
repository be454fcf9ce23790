import { z } from 'zod';
import {
  isRunnableScenario,
  type RunnableScenario,
  scenarioWorkflows,
} from '../../workflows/contracts/names.ts';
import type { DrCommand, Invocation } from '../command.ts';
import { refused } from '../command-stopped.ts';
import type { DrContext } from '../context.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { withCommonOptions } from '../options.ts';
import { withExample } from '../output/help.ts';
import { writeJson, writeLines } from '../output/screen.ts';

const optionsSchema = z.object({ all: z.boolean().default(false), json: z.boolean().default(false) });
const scenarios = Object.keys(scenarioWorkflows).filter(isRunnableScenario);

/** `dr procedure`: the procedure as Markdown, to recover by hand when Temporal is down; needs neither it nor a worker. */
export const procedure: DrCommand = {
  describe: (command) => {
    withCommonOptions(command).option('--all', 'every scenario, one after the other');
    withExample(
      command,
      'npx dr procedure data-loss > data-loss.md',
      'npx dr procedure --all > procedures.md',
    );
  },
  run: printProcedure,
};

async function printProcedure({ args, options }: Invocation, context: DrContext): Promise<ExitCode> {
  const { all, json } = optionsSchema.parse(options);
  const wanted = wantedScenarios(args[0], all);
  if (wanted.length === 0) {
    if (json) writeJson(context.stdout, { scenarios });
    else {
      writeLines(context.stdout, [
        'Scenarios:',
        ...scenarios.map((scenario) => `  npx dr procedure ${scenario}`),
        'All of them: npx dr procedure --all',
      ]);
    }
    return exitCodes.fine;
  }
  const { paperProcedure } = await import('../../worker/local/procedure/index.ts');
  const papers = wanted.map(paperProcedure);
  if (json) writeJson(context.stdout, papers);
  else writeLines(context.stdout, [papers.map(({ markdown }) => markdown.trimEnd()).join('\n\n')]);
  return exitCodes.fine;
}

function wantedScenarios(given: string | undefined, all: boolean): readonly RunnableScenario[] {
  if (given === undefined) return all ? scenarios : [];
  const known = `Known are: ${scenarios.join(', ')}.`;
  if (all) throw refused(`Both "${given}" and --all were given.`, 'Give one of them.');
  if (!isRunnableScenario(given)) throw refused(`There is no scenario "${given}".`, known);
  return [given];
}
