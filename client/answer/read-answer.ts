import type { AnswerKind } from '../../workflows/contracts/decisions.ts';
import { digestPrefixLength } from '../../workflows/runbook/commands.ts';
import { stopOnProblems } from '../command-stopped.ts';
import type { Identity } from '../configuration.ts';
import type { DrContext } from '../context.ts';
import { type Options, readIdentity, readReason, readScope, readTarget, type Target } from '../options.ts';

/** What a person answered, checked as far as it can be without asking the run. */
export interface GivenAnswer {
  readonly kind: AnswerKind;
  readonly environment: string;
  readonly identity: Identity;
  readonly decision: string | undefined;
  readonly step: string | undefined;
  readonly digest: string | undefined;
  readonly reason: string | undefined;
  readonly breakGlass: string | undefined;
  readonly target: Target | null;
}

const reasonNeeded = {
  approve: null,
  retry: null,
  reject: 'say why; it is recorded.',
  replan: 'say why another target; it is recorded.',
  skip: 'say why the step may be left out; it is recorded.',
  'go-over': 'say why production is to be recovered in that other way; it is recorded.',
  abort: 'say why; it is recorded.',
  confirm: 'say what you did and saw; it is recorded.',
} as const satisfies Record<AnswerKind, string | null>;

/**
 * Checks what was typed.
 *
 * @throws CommandStopped with exit code 2, naming every problem at once
 */
export function readAnswer(kind: AnswerKind, options: Options, context: DrContext): GivenAnswer {
  const problems: string[] = [];
  const { configuration, environment } = readScope(options, context, problems);
  const identity = readIdentity(options, configuration, problems);
  const target = kind === 'replan' ? readTarget(options, 'required', context.now(), problems) : null;
  const why = reasonNeeded[kind];
  const reason = why === null ? optionalReason(options, problems) : readReason(options, problems, why);
  const digest = kind === 'approve' ? readDigest(options, problems) : undefined;
  const breakGlass = options.breakGlass?.trim();
  if (breakGlass === '') problems.push('--break-glass: say why one person approves alone.');
  stopOnProblems(problems, kind);
  const { decision, step } = options;
  return { kind, environment, identity, decision, step, digest, reason, breakGlass, target };
}

function optionalReason({ reason }: Options, problems: string[]): string | undefined {
  if (reason?.trim() === '') problems.push('--reason: is empty; leave it out or say why.');
  return reason?.trim();
}

function readDigest({ digest, decision }: Options, problems: string[]): string | undefined {
  if (digest === undefined) {
    if (decision === undefined) {
      problems.push(
        '--digest: give the first 12 characters of the plan that you read (dr status shows it); for the start of what the monitor proposes, --decision.',
      );
    }
    return undefined;
  }
  const typed = digest.trim().toLowerCase();
  const prefix = new RegExp(`^[0-9a-f]{${digestPrefixLength},64}$`);
  if (!prefix.test(typed)) {
    problems.push(`--digest: expected at least ${digestPrefixLength} hex characters, got "${digest}".`);
  }
  return typed;
}
