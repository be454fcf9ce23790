import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/**
 * The server runs beside a watcher that reads a pipe held by Node. The pipe closes when Node ends it, exits or is
 * killed outright, and the watcher then kills the server. A handler inside Node would miss `kill -9`.
 */
const tether = `
exec 3<&0
leftovers=$1; shift
"$@" </dev/null 3<&- & server=$!
{ read -r _ <&3; kill -9 "$server"; } 2>/dev/null & watcher=$!
exec 3<&-
wait "$server" 2>/dev/null; status=$?
kill "$watcher" 2>/dev/null
rm -rf $leftovers
exit "$status"
`;

/** A server process that cannot outlive this one. */
export interface TetheredProcess {
  /** Resolves with the exit code as soon as the server has ended, for whatever reason. */
  readonly ended: Promise<number>;
  /** Kills the server and resolves when it is gone. */
  stop(): Promise<void>;
}

/**
 * Starts a program that is killed when this process ends, in whatever way.
 *
 * @param options.program the program and its arguments
 * @param options.folder working directory
 * @param options.output open file descriptor that takes stdout and stderr
 * @param options.removeAtEnd files and folders, without spaces in their names, that are removed once it has ended
 * @returns the running process; does not wait until it serves
 */
export function startTethered(options: {
  readonly program: readonly string[];
  readonly folder: string;
  readonly output: number;
  readonly removeAtEnd: readonly string[];
}): TetheredProcess {
  const child: ChildProcess = spawn(
    '/bin/sh',
    ['-c', tether, 'sandbox-server', options.removeAtEnd.join(' '), ...options.program],
    { cwd: options.folder, stdio: ['pipe', options.output, options.output], detached: true },
  );
  const ended = once(child, 'exit').then(([code]) => (typeof code === 'number' ? code : 1));
  child.stdin?.on('error', () => undefined);
  return {
    ended,
    async stop() {
      child.stdin?.destroy();
      await ended;
    },
  };
}
