import { z } from 'zod';
import type { BackupTier, OperationInput } from '../../workflows/contracts/operations.ts';
import type { Invocation } from '../command.ts';
import { stopOnProblems } from '../command-stopped.ts';
import type { DrContext } from '../context.ts';
import { optionsSchema, readIdentity, readScope } from '../options.ts';

/** What a command of an operation was asked for. */
export interface OperationRequest {
  readonly input: OperationInput;
  /** The half-hourly one where the command has neither `--tier` nor `--format`, or none was given. */
  readonly tier: BackupTier;
  readonly json: boolean;
}

const tierSchema = z.object({ tier: z.enum(['recent', 'daily']).optional() });
const formatSchema = z.object({ format: z.enum(['json', 'sql']).default('json') });

/**
 * Checks what was typed for a command that runs something in an environment.
 *
 * @param command its words after `npx dr`
 * @param known problems of options that only this command has
 * @throws CommandStopped with exit code 2, naming every problem at once
 */
export function readOperationRequest(
  { options: typed }: Invocation,
  context: DrContext,
  command: string,
  known: readonly string[] = [],
): OperationRequest {
  const options = optionsSchema.parse(typed);
  const problems = [...known];
  const { configuration, environment } = readScope(options, context, problems);
  const { name: startedBy } = readIdentity(options, configuration, problems);
  const tier = tierSchema.safeParse(typed);
  if (!tier.success) problems.push('--tier: expected daily or recent.');
  const format = formatSchema.safeParse(typed);
  if (!format.success) problems.push('--format: expected json or sql.');
  const isDump = format.data?.format === 'sql';
  if (isDump && tier.data?.tier !== undefined) problems.push('--tier: a SQL dump has none; leave it out.');
  stopOnProblems(problems, command);
  return {
    input: { environment, startedBy },
    tier: isDump ? 'sql' : (tier.data?.tier ?? 'recent'),
    json: options.json,
  };
}
