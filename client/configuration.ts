import { existsSync, readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { parse } from 'dotenv';
import { z } from 'zod';
import type { EnvironmentVariables } from './context.ts';

/** Whoever gives a command, and how that is known. Never verified. */
export interface Identity {
  readonly name: string;
  readonly source: '--as' | 'DR_USER' | 'system user';
}

/** What the environment variables say. */
export interface Configuration {
  /** The environment whose recovery is meant when `--environment` is not given. */
  readonly environment: string;
  readonly user: string | null;
  /** Address of Temporal's Web UI, without a slash at the end; null when it is not set. */
  readonly temporalUi: string | null;
}

/** What the name of an environment must look like; it becomes part of workflow ids. */
export const environmentName = /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/;

/** {@link environmentName} in words. */
export const environmentNameRule = 'expected lower-case letters, digits and hyphens, at most 40 characters';

const blankIsAbsent = (value: unknown) => (value === '' ? undefined : value);

const schema = z.object({
  DR_ENVIRONMENT: z.preprocess(
    blankIsAbsent,
    z.string().regex(environmentName, { error: environmentNameRule }).default('production'),
  ),
  DR_USER: z.preprocess(
    blankIsAbsent,
    z.string().trim().min(1, { error: 'expected a name' }).max(100, { error: 'expected a name' }).optional(),
  ),
  DR_TEMPORAL_UI: z.preprocess(
    blankIsAbsent,
    z
      .url({ protocol: /^https?$/, error: 'expected an http address such as http://localhost:8233' })
      .optional(),
  ),
});

/**
 * Reads the variables of the process and, for those that are not set, of the file `.env`.
 *
 * @param variables of the process
 * @param directory where `.env` may lie
 */
export function readEnvironment(variables: EnvironmentVariables, directory: string): EnvironmentVariables {
  const file = join(directory, '.env');
  return existsSync(file) ? { ...parse(readFileSync(file)), ...variables } : variables;
}

/**
 * Checks the variables that the client reads.
 *
 * @returns the configuration, or every problem at once, each naming the variable, what was expected and what was given
 */
export function readConfiguration(
  environment: EnvironmentVariables,
):
  | { readonly configuration: Configuration; readonly problems: readonly [] }
  | { readonly configuration: null; readonly problems: readonly string[] } {
  const parsed = schema.safeParse(environment);
  if (parsed.success) {
    return {
      configuration: {
        environment: parsed.data.DR_ENVIRONMENT,
        user: parsed.data.DR_USER ?? null,
        temporalUi: parsed.data.DR_TEMPORAL_UI?.replace(/\/+$/, '') ?? null,
      },
      problems: [],
    };
  }
  const problems = parsed.error.issues.map((issue) => {
    const name = String(issue.path[0]);
    return `${name}: ${issue.message}, got "${environment[name] ?? ''}".`;
  });
  return { configuration: null, problems };
}

/**
 * Says who gives the command: `--as`, else `DR_USER`, else the system's user.
 *
 * @param asOption value of `--as`
 * @returns null when nobody is named
 */
export function identify(asOption: string | undefined, configuration: Configuration): Identity | null {
  if (asOption !== undefined) return { name: asOption, source: '--as' };
  if (configuration.user !== null) return { name: configuration.user, source: 'DR_USER' };
  try {
    return { name: userInfo().username, source: 'system user' };
  } catch {
    return null;
  }
}
