import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Socket } from 'node:net';
import type { ServerLayout } from './server-layout.ts';

/**
 * Ends the server and removes the folder when its standard input closes: that happens however the owner dies, SIGKILL
 * included, which no exit hook sees. The server gets ten seconds before it is killed.
 */
const script = `
cat > /dev/null
pid=$(cat "$1" 2> /dev/null)
if test -n "$pid"; then
  kill -QUIT "$pid" 2> /dev/null
  tries=0
  while kill -0 "$pid" 2> /dev/null && test $tries -lt 100; do sleep 0.1; tries=$((tries + 1)); done
  kill -KILL "$pid" 2> /dev/null
fi
rm -rf "$2"
`;

/** Guards a cluster against the death of this process. */
export interface Watchdog {
  /** Lets go: the watchdog cleans up what is left and ends. */
  readonly release: () => Promise<void>;
}

/** Starts the watchdog of one cluster. It does not keep this process alive. */
export function startWatchdog(layout: ServerLayout): Watchdog {
  const child = spawn('/bin/sh', ['-c', script, 'postgres-watchdog', layout.serverPid, layout.root], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const ended = once(child, 'exit');
  child.unref();
  if (child.stdin instanceof Socket) child.stdin.unref();
  return {
    release: async () => {
      child.ref();
      child.stdin.end();
      await ended;
    },
  };
}
