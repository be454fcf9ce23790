import { CommandStopped, refused } from '../command-stopped.ts';
import type { TemporalAccess } from '../connection.ts';
import { exitCodes } from '../exit-codes.ts';
import { echoMoment } from '../moment.ts';
import { commandText } from '../output/command-text.ts';
import type { RecoveryRequest } from '../recovery-request.ts';
import { missingWorkers, readPollers } from '../worker-health.ts';
import { leftBehind } from './left-measures.ts';
import { occupied } from './occupied.ts';
import { findRun, type RecoveryRun, readStatus } from './run.ts';

/**
 * Stops where nothing polls the task queue, as a start would lie there and look as if it ran.
 *
 * @throws CommandStopped with exit code 3
 */
export async function requireWorkers(access: TemporalAccess): Promise<void> {
  const missing = missingWorkers(await readPollers(access.client.workflow));
  if (missing === null) return;
  throw new CommandStopped(exitCodes.unknown, {
    happened: missing.happened,
    meaning: 'Nothing was started and nothing was changed.',
    next: missing.next,
  });
}

/**
 * Stops where a recovery must not be started: a run holds the environment, no worker polls, or the last run left
 * measures in force.
 *
 * @throws CommandStopped with exit code 2, or 3 when no worker polls
 */
export async function requireReady(
  access: TemporalAccess,
  { scenario, input: { environment }, options }: Pick<RecoveryRequest, 'scenario' | 'input' | 'options'>,
): Promise<void> {
  const run = await findRun(access, environment);
  if (run?.closed === false) throw await occupied(access, environment, scenario);
  await requireWorkers(access);
  const takesOver = options.ignoreLeftMeasures || options.supersede;
  if (run !== null && !takesOver) await requireNothingLeft(run, environment);
}

async function requireNothingLeft(run: RecoveryRun, environment: string): Promise<void> {
  const left = await leftBehind(run, await readStatus(run));
  if (left.kind === 'nothing') return;
  const { status, closeTime, runId } = run.description;
  const when = closeTime === undefined ? '' : `, ${echoMoment(closeTime, new Date())}`;
  const next = `Take them back: ${commandText({ command: 'repair', environment, options: { reason: '…' } })}. To start all the same: --ignore-left-measures`;
  if (left.kind === 'unknown') {
    throw refused(
      `The last recovery of ${environment} was ended midway (${status.name}${when}), and what it left in force is unknown: ${left.why}.`,
      next,
    );
  }
  throw refused(
    `The last recovery of ${environment} is over (${status.name}${when}) and left measures in force in production.`,
    next,
    [
      ...left.measures.map(({ inForce, since, step }) => `${inForce}, since ${since} (${step})`),
      `run: ${runId}`,
    ],
  );
}
