import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { type ApplicationProcess, startApplicationProcess } from './application-process.ts';

const listenPollMs = 20;

/** What a replica runs, and how often a crash is forgiven. */
export interface ReplicaSettings {
  readonly version: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly port: number;
  /** How many times a process that ended by itself is started again. */
  readonly maxRestarts: number;
  readonly restartDelayMs: number;
  readonly onLine: (line: string) => void;
  /** Called once when the process has ended by itself and the restarts are used up. */
  readonly onGivenUp: () => void;
}

/** A process that is kept running, as a platform's restart policy does. */
export interface Replica {
  /** Of the process that runs now. */
  pid(): number | undefined;
  /** Resolves true when the port accepts connections, false when it was stopped or given up before. */
  readonly listening: Promise<boolean>;
  stop(): Promise<void>;
}

/** Starts a {@link Replica}. */
export function startReplica(settings: ReplicaSettings): Replica {
  const stopping = new AbortController();
  let current: ApplicationProcess | undefined;
  let over = false;

  const keepRunning = async () => {
    for (let restarts = 0; !stopping.signal.aborted; restarts += 1) {
      current = startApplicationProcess(settings);
      const end = await current.ended;
      current = undefined;
      if (stopping.signal.aborted) break;
      settings.onLine(`Process ended (${end}).`);
      if (restarts >= settings.maxRestarts) {
        settings.onLine(`Restart limit of ${settings.maxRestarts} reached.`);
        over = true;
        settings.onGivenUp();
        return;
      }
      await delay(settings.restartDelayMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
    over = true;
  };
  const running = keepRunning();

  const awaitListening = async () => {
    while (!over && !stopping.signal.aborted) {
      if (await accepts(settings.port)) return true;
      await delay(listenPollMs);
    }
    return false;
  };

  return {
    pid: () => current?.pid,
    listening: awaitListening(),
    stop: async () => {
      stopping.abort();
      await current?.terminate();
      await running;
    },
  };
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    const answer = (accepted: boolean) => {
      socket.destroy();
      resolve(accepted);
    };
    socket.once('connect', () => answer(true)).once('error', () => answer(false));
  });
}
