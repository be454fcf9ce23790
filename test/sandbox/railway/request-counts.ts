/** How long answers are remembered, in s. */
const keptSeconds = 3_600;

/** Answers with one status code, as Railway's schema has them. */
interface AnswersByStatus {
  readonly statusCode: number;
  /** `ts` is when a step began, in s since 1970; `value` the answers in it. Steps without one are left out. */
  readonly samples: readonly { readonly ts: number; readonly value: number }[];
}

/** The answers of the last hour, counted by second and status code. */
export class RequestCounts {
  readonly #bySecond = new Map<number, Map<number, number>>();

  /** Notes one answer. */
  add(status: number, at: Date): void {
    const second = Math.floor(at.getTime() / 1_000);
    const counts = this.#bySecond.get(second) ?? new Map<number, number>();
    counts.set(status, (counts.get(status) ?? 0) + 1);
    this.#bySecond.set(second, counts);
    for (const old of this.#bySecond.keys()) {
      if (old >= second - keptSeconds) break;
      this.#bySecond.delete(old);
    }
  }

  /** The answers of the seconds that began from `from` on and before `to`, in steps from `from` on. */
  byStatus(from: Date, to: Date, stepSeconds: number): readonly AnswersByStatus[] {
    const first = Math.ceil(from.getTime() / 1_000);
    const found = new Map<number, Map<number, number>>();
    for (const [second, counts] of this.#bySecond) {
      if (second < first || second * 1_000 >= to.getTime()) continue;
      const ts = first + Math.floor((second - first) / stepSeconds) * stepSeconds;
      for (const [status, count] of counts) {
        const samples = found.get(status) ?? new Map<number, number>();
        samples.set(ts, (samples.get(ts) ?? 0) + count);
        found.set(status, samples);
      }
    }
    return [...found].map(([statusCode, samples]) => ({
      statusCode,
      samples: [...samples].map(([ts, value]) => ({ ts, value })),
    }));
  }
}
