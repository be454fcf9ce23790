import { randomUUID } from 'node:crypto';
import type { Answer, AnswerKind } from '../../workflows/contracts/decisions.ts';
import type { Invocation } from '../command.ts';
import { CommandStopped, refused } from '../command-stopped.ts';
import type { DrContext } from '../context.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { optionsSchema } from '../options.ts';
import { commandText, nextLines } from '../output/command-text.ts';
import { screenFor, writeJson, writeLines } from '../output/screen.ts';
import { verdictLines } from '../output/verdict.ts';
import { type Look, look } from '../recovery/look.ts';
import { type GivenAnswer, readAnswer } from './read-answer.ts';
import { whyNotNow } from './refusal.ts';
import { readVerdict, sendAnswer, verdictMs } from './send.ts';

/**
 * Answers the open decision of an environment's recovery and prints the run's verdict.
 *
 * @throws CommandStopped with exit code 2 when it is refused, 3 when no worker judged it
 */
export async function giveAnswer(
  kind: AnswerKind,
  { options: typed }: Invocation,
  context: DrContext,
): Promise<ExitCode> {
  const options = optionsSchema.parse(typed);
  const given = readAnswer(kind, options, context);
  const access = await context.connect(context.environment);
  try {
    const seen = await look(access, given.environment);
    const run = openRun(seen, given.environment);
    const answer = aim(given, run);
    await sendAnswer(run.run.handle, kind, answer);
    const hopeless = 'problem' in run.answer;
    const record = hopeless ? null : await readVerdict(run.run.handle, answer.id, verdictMs);
    if (record === null) throw delivered(given, run);
    if (options.json) {
      writeJson(context.stdout, { verdict: record, identity: 'unverified' });
    } else {
      const screen = screenFor(context);
      writeLines(context.stdout, [
        ...verdictLines(record, screen),
        ...nextLines(nextCommands(given.environment), screen.width),
      ]);
    }
    return record.accepted ? exitCodes.fine : exitCodes.refused;
  } finally {
    await access.close();
  }
}

function openRun(seen: Look | null, environment: string): Look {
  if (seen === null) {
    throw refused(
      `No recovery of ${environment} was ever started.`,
      `Start one: ${commandText({ command: 'start', environment, args: ['data-loss'] })}`,
    );
  }
  if (seen.run.closed) {
    const outcome = 'status' in seen.answer ? seen.answer.status.outcome : null;
    throw refused(
      `The recovery of ${environment} is over: ${outcome ?? seen.run.description.status.name}.`,
      `See how it ended: ${commandText({ command: 'status', environment })}`,
    );
  }
  return seen;
}

/** Addresses an answer to the very run, step and plan that were looked at. */
function aim(given: GivenAnswer, { run, answer, troubles }: Look): Answer & { readonly id: string } {
  const { kind, reason, breakGlass, target } = given;
  const common = {
    by: given.identity.name,
    id: randomUUID(),
    workflowId: run.description.workflowId,
    runId: run.description.runId,
    ...(reason === undefined ? {} : { reason }),
    ...(breakGlass === undefined ? {} : { breakGlass }),
    ...(target === null ? {} : { target: target.request }),
  };
  if ('status' in answer) {
    const stopped = whyNotNow(kind, given, answer.status);
    if (stopped !== null) throw stopped;
    const { open } = answer.status;
    if (kind === 'abort' || open === null) return common;
    return {
      ...common,
      decision: open.id,
      step: open.step,
      ...(kind === 'approve' && open.digest !== null ? { digest: open.digest } : {}),
    };
  }
  if (kind === 'abort') return common;
  throw new CommandStopped(
    exitCodes.unknown,
    {
      happened: `The run cannot be asked what is open: ${answer.problem}.`,
      meaning: 'Nothing was sent, as an answer must name the question and the plan that you read.',
      next: troubles[0]?.next ?? 'Start a worker: npm run worker',
    },
    troubles.map(({ happened }) => happened),
  );
}

function delivered({ kind, environment }: GivenAnswer, { troubles }: Look): CommandStopped {
  return new CommandStopped(
    exitCodes.unknown,
    {
      happened: `The ${kind} was delivered, and no worker has judged it yet.`,
      meaning: 'Temporal keeps it; it is judged as soon as a worker lives. Do not send it again.',
      next: `${troubles[0]?.next ?? 'Start a worker: npm run worker'}, then ${commandText({ command: 'status', environment })}`,
    },
    troubles.map(({ happened }) => happened),
  );
}

function nextCommands(environment: string) {
  return [
    { text: commandText({ command: 'watch', environment }), why: 'follow it live' },
    { text: commandText({ command: 'status', environment }), why: 'one look' },
  ];
}
