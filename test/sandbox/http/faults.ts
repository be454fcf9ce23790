import type { Fault } from './fault.ts';

/** A fault that is switched on for an operation. */
interface ActiveFault {
  /** Name of the operation, or `*` for all of them. */
  readonly operation: string;
  readonly fault: Fault;
  /** For how many more calls; null until cleared. */
  readonly remaining: number | null;
}

/**
 * The faults of one sandbox server: per operation (see {@link Fault}), and switches that the server itself knows by
 * name, such as a restore that hangs.
 */
export class Faults {
  readonly #switches: Readonly<Record<string, string>>;
  #active: { operation: string; fault: Fault; remaining: number | null }[] = [];
  readonly #switchedOn = new Set<string>();
  readonly #waiting = new Map<string, Set<() => void>>();

  /** @param switches the server's own faults: name and what it does */
  constructor(switches: Readonly<Record<string, string>> = {}) {
    this.#switches = switches;
  }

  /** The server's own faults: name and what each does. */
  get switches(): Readonly<Record<string, string>> {
    return this.#switches;
  }

  /**
   * Switches a fault on.
   *
   * @param operation name of the operation, or `*` for all of them
   * @param times for how many calls; without it until cleared
   */
  set(operation: string, fault: Fault, times?: number): void {
    this.#active.push({ operation, fault, remaining: times ?? null });
  }

  /** Switches faults off: those of one operation, or all of them with every switch. */
  clear(operation?: string): void {
    this.#active = this.#active.filter((active) => operation !== undefined && active.operation !== operation);
    if (operation === undefined) for (const name of [...this.#switchedOn]) this.switchOff(name);
  }

  /** Switches one of the server's own faults on. Throws a `RangeError` for a name the server does not know. */
  switchOn(name: string): void {
    if (!Object.hasOwn(this.#switches, name)) {
      throw new RangeError(`No such fault: ${name}. Known: ${Object.keys(this.#switches).join(', ')}.`);
    }
    this.#switchedOn.add(name);
  }

  /** Switches one of the server's own faults off and lets those go on that wait for it. */
  switchOff(name: string): void {
    this.#switchedOn.delete(name);
    for (const resume of this.#waiting.get(name) ?? []) resume();
    this.#waiting.delete(name);
  }

  /** Whether one of the server's own faults is on. */
  isOn(name: string): boolean {
    return this.#switchedOn.has(name);
  }

  /** Resolves once this fault of the server's own is off; at once when it is. */
  async whenOff(name: string): Promise<void> {
    if (!this.isOn(name)) return;
    await new Promise<void>((resolve) => {
      const waiting = this.#waiting.get(name) ?? new Set();
      waiting.add(resolve);
      this.#waiting.set(name, waiting);
    });
  }

  /** The faults that hit the next call of this operation, counted down. */
  take(operation: string): readonly Fault[] {
    const hit = this.#active.filter((active) => active.operation === operation || active.operation === '*');
    for (const active of hit) if (active.remaining !== null) active.remaining -= 1;
    this.#active = this.#active.filter((active) => active.remaining === null || active.remaining > 0);
    return hit.map((active) => active.fault);
  }

  /** What is switched on now. */
  list(): { readonly operations: readonly ActiveFault[]; readonly switches: readonly string[] } {
    return { operations: this.#active.map((active) => ({ ...active })), switches: [...this.#switchedOn] };
  }
}
