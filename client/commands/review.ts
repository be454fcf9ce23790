import { operationWorkflows } from '../../workflows/contracts/operations.ts';
import {
  type ReviewName,
  type ReviewState,
  type ReviewsInput,
  reviewNames,
} from '../../workflows/contracts/reviews.ts';
import type { DrCommand, Invocation } from '../command.ts';
import type { DrContext } from '../context.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { readOperationRequest } from '../operations/request.ts';
import { resultOf } from '../operations/run-workflow.ts';
import { startWorkflow } from '../operations/start-workflow.ts';
import { withCommonOptions, withIdentity } from '../options.ts';
import { commandText, nextLines } from '../output/command-text.ts';
import { withExample } from '../output/help.ts';
import { reviewsScreen } from '../output/reviews-screen.ts';
import { screenFor, writeJson, writeLines } from '../output/screen.ts';
import { requireWorkers } from '../recovery/ready.ts';

/** `dr review`: each review of the procedure: what it asks, what was answered, when the next one begins. */
export const review: DrCommand = {
  describe: (command) => {
    withIdentity(withCommonOptions(command));
    withExample(command, 'npx dr review');
  },
  run: showReviews,
};

/** `dr review start`: begins a review now, and does not wait for its answers, which take days. */
export const startReview: DrCommand = {
  describe: (command) => {
    withIdentity(withCommonOptions(command));
    withExample(command, 'npx dr review start security-audit');
  },
  run: beginReview,
};

async function showReviews(invocation: Invocation, context: DrContext): Promise<ExitCode> {
  const { input, json } = readOperationRequest(invocation, context, 'review');
  const { environment, startedBy } = input;
  const states = await resultOf<ReviewsInput, readonly ReviewState[]>(context, {
    type: 'reviews',
    name: 'reviews',
    input: { environment },
    environment,
    startedBy,
    readsOnly: true,
  });
  if (json) writeJson(context.stdout, states);
  else writeLines(context.stdout, reviewsScreen(environment, states, screenFor(context)));
  return exitCodes.fine;
}

async function beginReview(invocation: Invocation, context: DrContext): Promise<ExitCode> {
  const name = reviewNames.find((known) => known === invocation.args[0]);
  const problems =
    name === undefined || invocation.args.length > 1
      ? [`name: expected one of ${reviewNames.join(', ')}.`]
      : [];
  const { input, json } = readOperationRequest(invocation, context, 'review start', problems);
  const { environment, startedBy } = input;
  const workflowId = await begin(name ?? reviewNames[0], { environment, startedBy }, context);
  if (json) {
    writeJson(context.stdout, { review: name, workflowId });
    return exitCodes.fine;
  }
  writeLines(context.stdout, [
    `Begun: ${workflowId}`,
    ...nextLines(
      [{ text: commandText({ command: 'review', environment }), why: 'what it asks' }],
      screenFor(context).width,
    ),
  ]);
  return exitCodes.fine;
}

async function begin(
  name: ReviewName,
  input: { readonly environment: string; readonly startedBy: string },
  context: DrContext,
): Promise<string> {
  const access = await context.connect(context.environment);
  try {
    await requireWorkers(access);
    const request = { type: operationWorkflows[name], name, input, ...input, readsOnly: false };
    return (await startWorkflow(access, request, context.now())).workflowId;
  } finally {
    await access.close();
  }
}
