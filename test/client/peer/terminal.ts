import { Writable } from 'node:stream';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { EnvironmentVariables } from '../../../client/context.ts';
import type { ExitCode } from '../../../client/exit-codes.ts';
import { runDr } from '../../../client/program.ts';

/** Takes in what is written to it. */
export class Paper extends Writable {
  text = '';
  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

/** What a person sees of a command. */
export interface Printed {
  readonly code: ExitCode;
  readonly out: string;
  readonly err: string;
}

/** How a test gives a command. */
export interface Terminal {
  readonly dr: (...argv: string[]) => Promise<Printed>;
}

/** A terminal whose commands reach the test's own server; without one, a command that connects fails the test. */
export function terminal(
  server: TestWorkflowEnvironment | null,
  variables: EnvironmentVariables = {},
  now: () => Date = () => new Date(),
): Terminal {
  return {
    dr: async (...argv) => {
      const [stdout, stderr] = [new Paper(), new Paper()];
      const code = await runDr(argv, {
        stdout,
        stderr,
        environment: { DR_USER: 'anna', ...variables },
        now,
        connect: async () => {
          if (server === null) throw new Error('This command must not connect.');
          return { client: server.client, namespace: server.namespace ?? 'default', close: async () => {} };
        },
        interruption: () => new AbortController().signal,
      });
      return { code, out: stdout.text, err: stderr.text };
    },
  };
}
