import type { Command } from 'commander';
import { z } from 'zod';
import type { TargetRequest } from '../workflows/contracts/recovery-point.ts';
import {
  type Configuration,
  environmentName,
  environmentNameRule,
  type Identity,
  identify,
  readConfiguration,
} from './configuration.ts';
import type { DrContext } from './context.ts';
import { type Moment, parseMoment } from './moment.ts';

const text = z.string().optional();
const flag = z.boolean().default(false);

/** Every option that a command may have, as typed: not yet checked. */
export const optionsSchema = z.object({
  environment: text,
  as: text,
  reason: text,
  at: text,
  justBefore: text,
  deployment: text,
  backup: text,
  credentialsStolen: flag,
  incidentAt: text,
  decision: text,
  step: text,
  digest: text,
  breakGlass: text,
  run: text,
  json: flag,
  preview: flag,
  markdown: flag,
  acceptUnverifiedData: flag,
  watch: flag,
  ignoreLeftMeasures: flag,
  supersede: flag,
  note: text,
  validDays: text,
  sendTestAlert: flag,
  denied: flag,
  for: text,
  scenario: text,
  since: text,
});

/** See {@link optionsSchema}. */
export type Options = z.infer<typeof optionsSchema>;

/** Declares `--environment` and `--json`, which every command has. */
export function withCommonOptions(command: Command): Command {
  return command
    .option('-e, --environment <name>', 'environment meant (else DR_ENVIRONMENT, else production)')
    .option('--json', 'print one JSON document');
}

/** Declares `--as`. */
export function withIdentity(command: Command): Command {
  return command.option('--as <name>', 'who you are (else DR_USER, else the system user); not verified');
}

/** Declares `--at` and `--just-before`. */
export function withTarget(command: Command): Command {
  return command
    .option('--at <time>', 'go back to this moment; RFC 3339 with offset')
    .option('--just-before <time>', 'keep everything before this moment, such as the bad change');
}

/** Declares what says which recovery is meant, for a plan of it as for its start. */
export function withRecoveryRequest(command: Command): Command {
  return withCredentialsStolen(
    withBackup(withDeployment(withTarget(withIdentity(withCommonOptions(command))))),
  );
}

/** Declares `--deployment`. */
function withDeployment(command: Command): Command {
  return command.option(
    '--deployment <id>',
    'application-crash only: go to this deployment, not a chosen one',
  );
}

/** Declares `--backup`. */
function withBackup(command: Command): Command {
  return command.option(
    '--backup <name>',
    'complete-failure only: rebuild from this export, not the newest (dr backup list)',
  );
}

/** Declares `--credentials-stolen`. */
function withCredentialsStolen(command: Command): Command {
  return command.option(
    '--credentials-stolen',
    'complete-failure only: exchange the credentials before the application is started',
  );
}

/** Finds whose recovery is meant; problems are added to the list. */
export function readScope(
  options: Options,
  context: DrContext,
  problems: string[],
): { readonly configuration: Configuration; readonly environment: string } {
  const read = readConfiguration(context.environment);
  problems.push(...read.problems);
  const configuration = read.configuration ?? { environment: 'production', user: null, temporalUi: null };
  const environment = options.environment ?? configuration.environment;
  if (options.environment !== undefined && !environmentName.test(options.environment)) {
    problems.push(`--environment: ${environmentNameRule}, got "${options.environment}".`);
  }
  return { configuration, environment };
}

/** Finds who gives the command; a missing or empty name is added to the problems. */
export function readIdentity(options: Options, configuration: Configuration, problems: string[]): Identity {
  const identity = identify(options.as?.trim(), configuration);
  if (identity === null || identity.name === '') {
    problems.push('--as: give your name as the policy lists it, or set DR_USER.');
  } else if (identity.name === 'NAME') {
    problems.push('--as: put your own name in place of NAME.');
  }
  return identity ?? { name: '', source: '--as' };
}

/** Reads a reason; missing or empty is added to the problems. */
export function readReason(options: Options, problems: string[], why: string): string {
  const reason = options.reason?.trim() ?? '';
  if (reason === '') problems.push(`--reason: ${why}`);
  return reason;
}

/** A target with the moment that it names. */
export interface Target {
  readonly request: TargetRequest;
  readonly moment: Moment;
}

/**
 * Reads `--at` or `--just-before`; both, a wrong time, or what the scenario does not fit is added to the problems.
 *
 * @param need whether the scenario must be told where to go back to, may be told, or goes nowhere
 */
export function readTarget(
  options: Options,
  need: 'required' | 'optional' | 'none',
  now: Date,
  problems: string[],
): Target | null {
  const { at, justBefore } = options;
  if (at === undefined && justBefore === undefined) {
    if (need === 'required') problems.push('--at or --just-before: say which moment to go back to.');
    return null;
  }
  if (need === 'none') {
    problems.push('--at and --just-before: this scenario goes back to no moment; leave them out.');
    return null;
  }
  if (at !== undefined && justBefore !== undefined) {
    problems.push('--at and --just-before: give only one of them.');
  }
  let target: Target | null = null;
  for (const [kind, given] of [
    ['at', at],
    ['just-before', justBefore],
  ] as const) {
    if (given === undefined) continue;
    const moment = readMoment(given, `--${kind}`, now, problems);
    if (moment !== null) target = { request: { kind, moment: moment.text }, moment };
  }
  return target;
}

/** Reads a time of the past; a wrong one is added to the problems. */
export function readMoment(given: string, name: string, now: Date, problems: string[]): Moment | null {
  const parsed = parseMoment(given, name, now);
  if ('moment' in parsed) return parsed.moment;
  problems.push(parsed.problem);
  return null;
}
