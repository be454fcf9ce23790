import { loadavg } from 'node:os';
import { figures } from './figures.ts';
import { processorTimeMs } from './processor-time.ts';

/** What one run took. */
export interface Cost {
  /** Wall clock. */
  readonly ms: number;
  /** Of all processors, by all processes that took part; NaN where that is not known. */
  readonly processorMs: number;
}

/** One way to do something; `prepare` is not measured. */
export interface Way {
  readonly prepare?: () => Promise<unknown>;
  readonly run: () => Promise<unknown>;
}

/** Our way against another's, each turn of both. */
export type Turns = readonly { readonly ours: Cost; readonly theirs: Cost }[];

/**
 * Runs two ways in turn, ours first in every other turn. One turn before these warms caches and compilers.
 *
 * @param roots processes whose own and descendants' time counts, beside this one
 */
export async function measureInTurn(
  { ours, theirs }: { readonly ours: Way; readonly theirs: Way },
  { turns, roots }: { readonly turns: number; readonly roots: readonly number[] },
): Promise<Turns> {
  const all = [process.pid, ...roots];
  const measured: Turns[number][] = [];
  for (let turn = 0; turn <= turns; turn += 1) {
    const first = turn % 2 === 0 ? await measure(ours, all) : undefined;
    const second = await measure(theirs, all);
    const pair = { ours: first ?? (await measure(ours, all)), theirs: second };
    if (turn > 0) measured.push(pair);
  }
  return measured;
}

async function measure({ prepare, run }: Way, roots: readonly number[]): Promise<Cost> {
  await prepare?.();
  const processorMs = processorTimeMs(roots);
  const begun = performance.now();
  await run();
  const ms = performance.now() - begun;
  return { ms, processorMs: processorTimeMs(roots) - processorMs };
}

/** Prints medians, and the median and range of the ratios of each turn. */
export function reportTurns(what: string, turns: Turns, limit?: number): void {
  const ratios = figures(turns.map(({ ours, theirs }) => ours.ms / theirs.ms));
  const processor = figures(turns.map(({ ours, theirs }) => ours.processorMs / theirs.processorMs));
  const ours = figures(turns.map((turn) => turn.ours.ms));
  const theirs = figures(turns.map((turn) => turn.theirs.ms));
  const verdict =
    limit === undefined
      ? ''
      : `, target at most ${limit.toFixed(1)}: ${ratios.median <= limit ? 'met' : 'MISSED'}`;
  console.log(
    `${what}: ${ours.median.toFixed(0)} ms against ${theirs.median.toFixed(0)} ms, ratio ${ratios.median.toFixed(2)} (${ratios.min.toFixed(2)} to ${ratios.max.toFixed(2)})${verdict}; processor time ${processor.median.toFixed(2)}; load ${loadavg()[0]?.toFixed(1)}`,
  );
}
