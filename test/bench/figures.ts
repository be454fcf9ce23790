/** Middle and ends of some measurements, in the unit they came in. */
export interface Figures {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** Sums up at least one measurement. */
export function figures(values: readonly number[]): Figures {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (index: number) => sorted[index] ?? Number.NaN;
  const middle = (sorted.length - 1) / 2;
  return {
    median: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2,
    min: at(0),
    max: at(sorted.length - 1),
  };
}
