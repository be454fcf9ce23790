import { z } from 'zod';
import type { OperationInput } from '../../workflows/contracts/operations.ts';
import type { Invocation } from '../command.ts';
import { refused, stopOnProblems } from '../command-stopped.ts';
import type { DrContext } from '../context.ts';
import { optionsSchema, readIdentity, readScope } from '../options.ts';

/** What a command of an operation was asked for. */
export interface OperationRequest {
  readonly input: OperationInput;
  readonly json: boolean;
}

/**
 * Checks what was typed for a command that runs something in an environment.
 *
 * @param command its words after `npx dr`
 * @throws CommandStopped with exit code 2, naming every problem at once
 */
export function readOperationRequest(
  { options: typed }: Invocation,
  context: DrContext,
  command: string,
): OperationRequest {
  const options = optionsSchema.parse(typed);
  const problems: string[] = [];
  const { configuration, environment } = readScope(options, context, problems);
  const { name: startedBy } = readIdentity(options, configuration, problems);
  stopOnProblems(problems, command);
  return { input: { environment, startedBy }, json: options.json };
}

const tierSchema = z.object({ tier: z.enum(['recent', 'daily']).default('recent') });

/**
 * Reads `--tier`.
 *
 * @throws CommandStopped with exit code 2
 */
export function readTier({ options }: Invocation): z.infer<typeof tierSchema> {
  const parsed = tierSchema.safeParse(options);
  if (parsed.success) return parsed.data;
  throw refused('One thing is wrong with the input.', 'Give the command again.', [
    '--tier: expected daily or recent.',
  ]);
}
