import type { Command } from 'commander';
import type { DrContext } from './context.ts';
import type { ExitCode } from './exit-codes.ts';

/** What a person typed after the name of the command, not yet checked. */
export interface Invocation {
  readonly args: readonly string[];
  readonly options: unknown;
}

/** One command of `dr`. */
export interface DrCommand {
  /** Declares arguments, options and an example. */
  readonly describe: (command: Command) => void;
  /** Does it; throws `CommandStopped` when it cannot. */
  readonly run: (invocation: Invocation, context: DrContext) => Promise<ExitCode>;
}
