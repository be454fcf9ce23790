import type { DrCommand, Invocation } from '../command.ts';
import type { DrContext } from '../context.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { withRecoveryRequest } from '../options.ts';
import { commandText, nextLines } from '../output/command-text.ts';
import { withExample } from '../output/help.ts';
import { planScreen } from '../output/plan-screen.ts';
import { screenFor, writeJson, writeLines } from '../output/screen.ts';
import { fields } from '../output/text.ts';
import { runPlan } from '../recovery/plan-run.ts';
import { requireWorkers } from '../recovery/ready.ts';
import { echoRequest, type RecoveryRequest, readRecoveryRequest } from '../recovery-request.ts';

/** How long all checks may take, in ms: counting the rows of large tables takes minutes. */
const planMs = 10 * 60_000;

/** `dr plan`: what a recovery would find and do; changes nothing. */
export const plan: DrCommand = {
  describe: (command) => {
    withRecoveryRequest(command)
      .option('--reason <text>', 'what was noticed')
      .option('--incident-at <time>', 'when the incident began');
    withExample(command, 'npx dr plan data-loss --just-before 2025-11-29T03:12:00Z --reason "sales gone"');
  },
  run: showPlan,
};

async function showPlan(invocation: Invocation, context: DrContext): Promise<ExitCode> {
  const request = readRecoveryRequest(invocation, context, 'plan');
  const access = await context.connect(context.environment);
  try {
    await requireWorkers(access);
    const { scenario, input, options } = request;
    const found = await runPlan(access, { scenario, input, checks: 'all' }, context, planMs);
    if (options.json) {
      writeJson(context.stdout, found);
      return exitCodes.fine;
    }
    const screen = screenFor(context);
    writeLines(context.stdout, [
      ...planScreen(found, screen),
      ...fields(echoRequest(request, screen.now), screen.width),
      ...nextLines([{ text: startCommand(request), why: 'start it' }], screen.width),
    ]);
    return exitCodes.fine;
  } finally {
    await access.close();
  }
}

function startCommand({ scenario, input }: RecoveryRequest): string {
  const { environment, target, deploymentId, backup, credentialsStolen, incidentAt, reason } = input;
  return commandText({
    command: 'start',
    args: [scenario],
    environment,
    options: {
      ...(target === null ? {} : { [target.kind]: target.moment }),
      ...(deploymentId === undefined ? {} : { deployment: deploymentId }),
      ...(backup?.kind === 'named' ? { backup: backup.name } : {}),
      ...(credentialsStolen ? { 'credentials-stolen': true } : {}),
      ...(incidentAt === null ? {} : { 'incident-at': incidentAt }),
      reason,
    },
  });
}
