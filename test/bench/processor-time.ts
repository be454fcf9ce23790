import { readdirSync, readFileSync } from 'node:fs';

const msPerTick = 10;

interface ProcessTime {
  readonly parent: number;
  /** Its own, and that of its children which have ended and were waited for. */
  readonly ms: number;
}

/**
 * Processor time that processes, all that they have started and all of those that have ended took so far, in ms. It
 * knows Linux alone.
 *
 * @param roots process ids
 * @returns NaN elsewhere
 */
export function processorTimeMs(roots: readonly number[]): number {
  if (process.platform !== 'linux') return Number.NaN;
  // One that ends while they are read would be missed: its time goes over to its parent, which was read before.
  for (let before = readTree(roots); ; ) {
    const now = readTree(roots);
    if ([...now.keys()].join() === [...before.keys()].join()) {
      return [...now.values()].reduce((sum, { ms }) => sum + ms, 0);
    }
    before = now;
  }
}

function readTree(roots: readonly number[]): ReadonlyMap<number, ProcessTime> {
  const all = new Map<number, ProcessTime>();
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    const time = readProcessTime(name);
    if (time !== undefined) all.set(Number(name), time);
  }
  const belongs = (id: number): boolean => {
    if (roots.includes(id)) return true;
    const parent = all.get(id)?.parent;
    return parent !== undefined && parent !== 0 && belongs(parent);
  };
  return new Map([...all].filter(([id]) => belongs(id)));
}

function readProcessTime(id: string): ProcessTime | undefined {
  try {
    const text = readFileSync(`/proc/${id}/stat`, 'latin1');
    // The name before it is in parentheses and may hold anything.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
    return { parent: Number(fields[1]), ms: ticks * msPerTick };
  } catch {
    return undefined;
  }
}
