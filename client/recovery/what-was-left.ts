import type { LeftBehind } from '../../workflows/contracts/inputs.ts';
import { undoFactsQuery } from '../../workflows/contracts/messages.ts';
import type { RecoveryStatus } from '../../workflows/contracts/status.ts';
import { CommandStopped, refused } from '../command-stopped.ts';
import { exitCodes } from '../exit-codes.ts';
import { commandText } from '../output/command-text.ts';
import type { Look } from './look.ts';
import { whyNoAnswer } from './run.ts';

/** How long a run may take to tell its facts, in ms. */
const queryMs = 5000;

/**
 * What a run that is over left in force, with all that undoing it needs.
 *
 * @throws CommandStopped with exit code 2 when it left nothing, 3 when it cannot be asked
 */
export async function whatWasLeft(
  seen: Look | null,
  environment: string,
): Promise<{ readonly status: RecoveryStatus; readonly left: LeftBehind }> {
  const list = `See which runs there are: ${commandText({ command: 'list', environment })}`;
  if (seen === null) throw refused(`There is no such recovery of ${environment}: nothing to repair.`, list);
  if ('problem' in seen.answer) throw cannotTell(seen.answer.problem);
  if (seen.left.kind !== 'measures') {
    throw refused(`The run ${seen.run.description.runId} left nothing in force: nothing to repair.`, list);
  }
  const { handle } = seen.run;
  const { status } = seen.answer;
  try {
    const facts = await handle.client.withDeadline(Date.now() + queryMs, () => handle.query(undoFactsQuery));
    const { measures, destroyed } = status;
    return { status, left: { measures, facts, destroyed } };
  } catch (error) {
    throw cannotTell(whyNoAnswer(error, queryMs));
  }
}

function cannotTell(why: string): CommandStopped {
  return new CommandStopped(exitCodes.unknown, {
    happened: `The run cannot be asked what it left in force: ${why}.`,
    meaning: 'Nothing was started and nothing was changed.',
    next: 'Start a worker that knows this runbook (npm run worker), then give the command again.',
  });
}
