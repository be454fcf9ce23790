import { type Command, CommanderError } from 'commander';
import { DrError } from '../../activities/errors.ts';

/** The exit code for a command that was called wrongly, or asked for what cannot be. */
const usageExitCode = 2;
const usageFailures = new Set<DrError['type']>(['input-invalid', 'configuration-invalid']);

/**
 * Runs a command that works without Temporal and sets the exit code: 0 when it did what was asked, 1 when it failed, 2
 * when it was asked wrongly. What went wrong is written to standard error, without secrets.
 */
export async function runCommand(command: Command, words: readonly string[]): Promise<void> {
  command.exitOverride();
  try {
    await command.parseAsync([...words], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : usageExitCode;
      return;
    }
    process.stderr.write(`${error instanceof DrError ? error.message : unexpected(error)}\n`);
    process.exitCode = error instanceof DrError && usageFailures.has(error.type) ? usageExitCode : 1;
  }
}

function unexpected(error: unknown): string {
  if (error instanceof Error && 'code' in error && error.code === 'EPIPE') {
    return 'The reader of the output went away. What it has read is not a whole export.';
  }
  return `The command failed: ${error instanceof Error ? error.message : String(error)}`;
}

/** For options that may be given several times. */
export function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}
