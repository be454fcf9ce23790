/** Lets so much run at once, by number and by bytes in memory. */
export interface Lanes {
  /** Waits for room, then starts the work and does not wait for it; the work must not reject. */
  start(bytes: number, work: () => Promise<void>): Promise<void>;
  /** Resolves when nothing runs any more. */
  idle(): Promise<void>;
}

/** @param limits a single piece of work larger than `bytes` runs alone */
export function createLanes(limits: { readonly count: number; readonly bytes: number }): Lanes {
  let running = 0;
  let held = 0;
  let wake: (() => void) | undefined;
  const change = () => new Promise<void>((resolve) => (wake = resolve));
  const full = (bytes: number) => running > 0 && (running >= limits.count || held + bytes > limits.bytes);

  return {
    async start(bytes, work) {
      while (full(bytes)) await change();
      running += 1;
      held += bytes;
      void work().finally(() => {
        running -= 1;
        held -= bytes;
        wake?.();
      });
    },
    async idle() {
      while (running > 0) await change();
    },
  };
}
