import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { readVerdict, sendAnswer, verdictMs } from '../answer/send.ts';
import { CommandStopped, refused } from '../command-stopped.ts';
import type { TemporalAccess } from '../connection.ts';
import { exitCodes } from '../exit-codes.ts';
import { commandText } from '../output/command-text.ts';
import type { RecoveryRequest } from '../recovery-request.ts';
import { describe, findRun, isClosed, type RecoveryRun, readStatus } from './run.ts';

/** How long a superseded run may take to reach its safe state, ms: starting an application takes minutes. */
const safeStateMs = 15 * 60_000;

/** Between two looks at it, ms. */
const lookEveryMs = 500;

/**
 * Ends the recovery that holds the environment: it is aborted and goes to its safe state. Does nothing where none runs.
 *
 * @param say told what is being waited for
 * @throws CommandStopped with exit code 2 when the abort is refused, 3 when the run does not end by itself
 */
export async function supersede(
  access: TemporalAccess,
  { scenario, input }: RecoveryRequest,
  say: (line: string) => void,
): Promise<void> {
  const { environment, startedBy, reason } = input;
  const run = await findRun(access, environment);
  if (run === null || run.closed) return;
  const id = randomUUID();
  await sendAnswer(run.handle, 'abort', {
    by: startedBy,
    id,
    workflowId: run.description.workflowId,
    runId: run.description.runId,
    reason: `superseded by ${scenario}: ${reason}`,
  });
  const verdict = await readVerdict(run.handle, id, verdictMs);
  if (verdict?.accepted === false) {
    throw refused(
      `The recovery that holds ${environment} was not aborted: ${verdict.verdict}`,
      `See how it stands: ${commandText({ command: 'status', environment })}`,
    );
  }
  say(`Superseding run ${run.description.runId}: it goes to its safe state first.`);
  await untilClosed(run, environment);
}

async function untilClosed(run: RecoveryRun, environment: string): Promise<void> {
  const giveUpAt = Date.now() + safeStateMs;
  while (Date.now() < giveUpAt) {
    const description = await describe(run.handle);
    if (isClosed(description)) return;
    const answer = await readStatus({ ...run, description });
    if ('status' in answer && answer.status.open !== null) {
      throw notEnded(
        `On its way to the safe state it asks: ${answer.status.open.question}`,
        `Answer it: ${commandText({ command: 'status', environment })}; then give this command again.`,
      );
    }
    await delay(lookEveryMs);
  }
  throw notEnded(
    'It has not reached its safe state yet.',
    `See what holds it: ${commandText({ command: 'status', environment })}; then give this command again.`,
  );
}

function notEnded(happened: string, next: string): CommandStopped {
  return new CommandStopped(exitCodes.unknown, {
    happened: `The superseded recovery is still running. ${happened}`,
    meaning: 'It was told to stop; the new recovery was not started.',
    next,
  });
}
