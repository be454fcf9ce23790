import type { RunnableScenario } from '../../workflows/contracts/names.ts';
import { type CommandStopped, refused } from '../command-stopped.ts';
import type { TemporalAccess } from '../connection.ts';
import { echoMoment } from '../moment.ts';
import { commandText } from '../output/command-text.ts';
import { findRun, outlineOf, readStatus } from './run.ts';

/** How long the run that holds the environment may take to say its phase, in ms. */
const phaseMs = 2000;

/**
 * Says which run holds the environment, so that a second one is not started.
 *
 * @param wanted the scenario that was to be started, where one was
 */
export async function occupied(
  access: TemporalAccess,
  environment: string,
  wanted?: RunnableScenario,
): Promise<CommandStopped> {
  const orElse = wanted === 'security-breach' ? '. A security breach may end it first: --supersede' : '';
  const next = `See how it stands: ${commandText({ command: 'status', environment })}${orElse}`;
  const run = await findRun(access, environment);
  const happened = `A recovery of ${environment} is under way; there is one at a time.`;
  if (run === null) return refused(happened, next);
  const outline = outlineOf(run.description);
  const answer = await readStatus(run, phaseMs);
  const phase = 'status' in answer ? answer.status.phase : outline.phase;
  return refused(happened, next, [
    `scenario:   ${outline.scenario}`,
    `started by: ${outline.startedBy}`,
    `since:      ${echoMoment(run.description.startTime, new Date())}`,
    `phase:      ${phase}`,
    `run:        ${run.description.runId}`,
  ]);
}
