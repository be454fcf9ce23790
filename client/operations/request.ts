import { z } from 'zod';
import type { BackupTier, OperationInput } from '../../workflows/contracts/operations.ts';
import type { Invocation } from '../command.ts';
import { stopOnProblems } from '../command-stopped.ts';
import type { DrContext } from '../context.ts';
import { optionsSchema, readIdentity, readScope } from '../options.ts';

/** What a command of an operation was asked for. */
export interface OperationRequest {
  readonly input: OperationInput;
  /** The half-hourly one where the command has no `--tier` or none was given. */
  readonly tier: BackupTier;
  readonly json: boolean;
}

const tierSchema = z.object({ tier: z.enum(['recent', 'daily']).default('recent') });

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
  const tier = tierSchema.safeParse(typed);
  if (!tier.success) problems.push('--tier: expected daily or recent.');
  stopOnProblems(problems, command);
  return { input: { environment, startedBy }, tier: tier.data?.tier ?? 'recent', json: options.json };
}
