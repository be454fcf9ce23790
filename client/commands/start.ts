import type { RecoveryInput } from '../../workflows/contracts/inputs.ts';
import type { DrCommand, Invocation } from '../command.ts';
import { CommandStopped } from '../command-stopped.ts';
import type { TemporalAccess } from '../connection.ts';
import type { DrContext } from '../context.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { withRecoveryRequest } from '../options.ts';
import { withExample } from '../output/help.ts';
import { screenFor, writeJson, writeLines } from '../output/screen.ts';
import { startedScreen, webUiAddress } from '../output/started-screen.ts';
import { wrap } from '../output/text.ts';
import { firstTaskTrouble } from '../recovery/first-task.ts';
import { look } from '../recovery/look.ts';
import { runPlan } from '../recovery/plan-run.ts';
import { requireReady, requireWorkers } from '../recovery/ready.ts';
import { startDescription } from '../recovery/start-description.ts';
import { startRun } from '../recovery/start-run.ts';
import { supersede } from '../recovery/supersede.ts';
import { whatWasLeft } from '../recovery/what-was-left.ts';
import { type RecoveryRequest, readRecoveryRequest } from '../recovery-request.ts';
import type { WorkerTrouble } from '../worker-health.ts';

/** How long the check of the input may take, in ms: one or two questions to the provider. */
const preflightMs = 60_000;

/** `dr start`: checks everything that can be checked, then starts a recovery. */
export const start: DrCommand = {
  describe: (command) => {
    withRecoveryRequest(command)
      .option('--reason <text>', 'what was noticed; shown to whoever approves')
      .option('--incident-at <time>', 'when the incident began; the RTO counts from there')
      .option('--watch', 'follow it until it ends')
      .option(
        '--ignore-left-measures',
        'start although the last run left measures in force, and take them over',
      )
      .option(
        '--supersede',
        'a security breach only: end the recovery that is under way first, by its safe state',
      );
    withExample(
      command,
      'npx dr start data-loss --just-before 2025-11-29T03:12:00Z \\',
      '    --incident-at 2025-11-29T03:12:00Z --reason "sales are gone" --watch',
      'npx dr start application-crash --reason "no answer" --watch',
    );
  },
  run: startRecovery,
};

async function startRecovery(invocation: Invocation, context: DrContext): Promise<ExitCode> {
  const request = readRecoveryRequest(invocation, context, 'start');
  const access = await context.connect(context.environment);
  try {
    const { scenario, options } = request;
    if (options.supersede) {
      await requireWorkers(access);
      await supersede(access, request, (line) =>
        writeLines(context.stderr, wrap(line, screenFor(context).width)),
      );
    }
    await requireReady(access, request);
    const input = await withLeftMeasures(access, request);
    const checked = await runPlan(access, { scenario, input, checks: 'input' }, context, preflightMs);
    const { summary, details } = startDescription(request, checked);
    const { handle, runId } = await startRun(access, scenario, input, summary, details);
    const webUi = webUiAddress(request.configuration, access.namespace, handle.workflowId, runId);
    if (options.json && !options.watch) {
      writeJson(context.stdout, {
        scenario,
        workflowId: handle.workflowId,
        runId,
        input,
        project: checked.recoveryPoint?.project ?? null,
        webUi,
        identity: 'unverified',
      });
    } else if (!options.json) {
      writeLines(context.stdout, startedScreen(request, checked, { runId, webUi }, screenFor(context)));
    }
    const trouble = await firstTaskTrouble(handle);
    if (trouble !== null) throw startedButStuck(trouble);
    return options.watch
      ? await goOnWatching(access, handle.workflowId, runId, options.json, context)
      : exitCodes.fine;
  } finally {
    await access.close();
  }
}

/** A run that begins on top of what another left takes it over: what was found before that one is what is put back. */
async function withLeftMeasures(
  access: TemporalAccess,
  { input, options }: RecoveryRequest,
): Promise<RecoveryInput> {
  if (!options.ignoreLeftMeasures && !options.supersede) return input;
  const seen = await look(access, input.environment);
  if (seen?.left.kind !== 'measures') return input;
  const { left } = await whatWasLeft(seen, input.environment);
  return { ...input, left };
}

function startedButStuck({ happened, next }: WorkerTrouble): CommandStopped {
  return new CommandStopped(exitCodes.unknown, {
    happened: `The recovery was started and does not move. ${happened}`,
    meaning: 'It holds the environment and waits; nothing was changed in production yet.',
    next,
  });
}

async function goOnWatching(
  access: TemporalAccess,
  workflowId: string,
  runId: string,
  json: boolean,
  context: DrContext,
): Promise<ExitCode> {
  const { watchUntilEnd } = await import('../recovery/watch-until-end.ts');
  return watchUntilEnd(access.client.workflow.getHandle(workflowId, runId), json, context);
}
