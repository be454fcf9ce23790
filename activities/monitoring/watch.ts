import type { MonitorMemory, SignalName, SignalState } from '../../workflows/contracts/monitoring.ts';
import { signalNames } from '../../workflows/contracts/monitoring.ts';
import type { MonitorPolicy } from '../../workflows/contracts/policy.ts';
import type { Look } from './look.ts';
import { advance, isDoubtful } from './rules.ts';

/** What is known while a look goes on; every reading comes in here. */
export class Watch {
  readonly #monitor: MonitorPolicy;
  readonly #states: Map<SignalName, SignalState>;
  #memory: MonitorMemory;

  constructor(monitor: MonitorPolicy, states: readonly SignalState[], memory: MonitorMemory) {
    this.#monitor = monitor;
    this.#states = new Map(states.map((state) => [state.signal, state]));
    this.#memory = memory;
  }

  get memory(): MonitorMemory {
    return this.#memory;
  }

  /** In the order of `signalNames`. */
  get states(): readonly SignalState[] {
    return signalNames.flatMap((name) => this.#states.get(name) ?? []);
  }

  /** What is known of these signals; those never looked at are left out. */
  of(signals: readonly SignalName[]): readonly SignalState[] {
    return signals.flatMap((name) => this.#states.get(name) ?? []);
  }

  /** Whether one of these signals was seen bad and does not count as trouble yet. */
  doubts(signals: readonly SignalName[]): boolean {
    return this.of(signals).some(isDoubtful);
  }

  /**
   * Takes in what a look found.
   *
   * @param at RFC 3339, UTC: when it began
   * @returns signals that turned to trouble, or back
   */
  take({ readings, memory }: Look, at: string): readonly SignalName[] {
    this.#memory = { ...this.#memory, ...memory };
    return readings.flatMap((reading) => {
      const rule = this.#monitor.rules.find(({ signal }) => signal === reading.signal);
      if (rule === undefined) return [];
      const before = this.#states.get(reading.signal);
      const after = advance(before, rule, reading, at);
      this.#states.set(reading.signal, after);
      return after.trouble === (before?.trouble ?? false) ? [] : [reading.signal];
    });
  }
}
