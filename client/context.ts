import type { TemporalAccess } from './connection.ts';

/** Values of environment variables by name. */
export type EnvironmentVariables = Readonly<Record<string, string | undefined>>;

/** Where text goes; a terminal says so and tells its width and height in characters. */
export type TextOutput = NodeJS.WritableStream & {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
};

/** Everything that a command needs of the world. */
export interface DrContext {
  readonly stdout: TextOutput;
  readonly stderr: TextOutput;
  readonly environment: EnvironmentVariables;
  readonly now: () => Date;
  /** Connects to Temporal; throws `CommandStopped` with exit code 3 when it does not answer. */
  readonly connect: (environment: EnvironmentVariables) => Promise<TemporalAccess>;
  /** From this call on, Ctrl-C aborts the signal instead of ending the process. */
  readonly interruption: () => AbortSignal;
}
