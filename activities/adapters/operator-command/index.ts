import { execa } from 'execa';
import { DrError } from '../../errors.ts';
import type { OperatorCommand } from '../../ports.ts';

/** A command line that the operator configured. */
export interface OperatorCommandSettings {
  /** Run by `sh -c`. It must return when it is done: what goes on running redirects its output. */
  readonly command: string;
  /** What it does, for messages, such as `start the standby application`. */
  readonly purpose: string;
  readonly timeoutMs: number;
}

const shownCharacters = 500;

/**
 * Makes an {@link OperatorCommand} of a shell command line. It sees this process' `PATH`, `HOME` and `TMPDIR` and the
 * given variables, none of the worker's secrets.
 */
export function createOperatorCommand(settings: OperatorCommandSettings): OperatorCommand {
  return {
    async run(variables) {
      const { failed, timedOut, exitCode, all } = await execa('sh', ['-c', settings.command], {
        extendEnv: false,
        env: { ...inherited(), ...variables },
        stdin: 'ignore',
        all: true,
        reject: false,
        timeout: settings.timeoutMs,
        killSignal: 'SIGKILL',
        maxBuffer: 1_000_000,
      });
      if (failed) throw commandFailed(settings, timedOut ? null : (exitCode ?? null), all ?? '', variables);
    },
  };
}

function inherited(): Record<string, string> {
  return Object.fromEntries(
    ['PATH', 'HOME', 'TMPDIR'].flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

function commandFailed(
  { purpose, timeoutMs }: OperatorCommandSettings,
  exitCode: number | null,
  output: string,
  variables: Readonly<Record<string, string>>,
): DrError {
  const how = exitCode === null ? `was not done after ${timeoutMs / 1000} s` : `ended with code ${exitCode}`;
  const said = withoutValues(output, Object.values(variables)).trim().slice(-shownCharacters);
  return new DrError('operator-command-failed', {
    happened: `The command that should ${purpose} ${how}${said === '' ? '' : `; it said: ${said}`}.`,
    meaning: 'What it should do is not done, or not wholly.',
    next: 'Mend what it names, run it by hand to see it work, then retry.',
  });
}

function withoutValues(text: string, values: readonly string[]): string {
  return values.reduce(
    (rest, value) => (value.length < 4 ? rest : rest.replaceAll(value, '[removed]')),
    text,
  );
}
