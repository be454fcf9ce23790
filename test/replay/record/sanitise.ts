import { homedir, hostname, tmpdir, userInfo } from 'node:os';
import { fileURLToPath } from 'node:url';
import { type History, historyFromJSON, historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { historyTexts } from '../../end-to-end/secrets.ts';

/** How a worker names itself and its own task queue: process id, machine. */
const worker = /^\d+@.+/;

/** A history as it may be kept for good: without the names of processes and machines, and without stacks. */
export function sanitise(history: History): string {
  return JSON.stringify(JSON.parse(historyToJSON(history)), (key, value: unknown) => {
    if (typeof value !== 'string') return value;
    return key === 'stackTrace' ? '' : value.replace(worker, 'worker');
  });
}

/**
 * Makes sure that a recorded history gives nothing away.
 *
 * @param secrets by name
 * @throws Error that names what was found, not its value
 */
export function refuseTraces(json: string, secrets: ReadonlyMap<string, string>): void {
  const traces = new Map([
    ...secrets,
    ['the name of this machine', `@${hostname()}`],
    ['the folder of this project', fileURLToPath(new URL('../../..', import.meta.url))],
    ['the home folder', `${homedir()}/`],
    ['the folder of temporary files', `${tmpdir()}/`],
    ['an account', `${userInfo().username}@`],
  ]);
  const text = historyTexts(historyFromJSON(JSON.parse(json))).join('\n');
  const found = [...traces].flatMap(([name, value]) => (text.includes(value) ? [name] : []));
  if (found.length > 0) throw new Error(`The history holds ${found.join(', ')}; it was not recorded.`);
}
