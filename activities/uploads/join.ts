/** What the three sides say of one key. */
export interface Joined<S, D, E> {
  readonly key: string;
  readonly source: S | undefined;
  readonly destination: D | undefined;
  readonly entry: E | undefined;
}

interface Keyed {
  readonly key: string;
}

/** Walks three streams that are sorted by the same order, key by key; holds one item of each. */
export async function* join<S extends Keyed, D extends Keyed, E extends Keyed>(
  sides: {
    readonly source: AsyncIterable<S>;
    readonly destination: AsyncIterable<D>;
    readonly entries: AsyncIterable<E>;
  },
  order: (item: Keyed) => string,
): AsyncGenerator<Joined<S, D, E>> {
  const source = sides.source[Symbol.asyncIterator]();
  const destination = sides.destination[Symbol.asyncIterator]();
  const entries = latest(sides.entries)[Symbol.asyncIterator]();
  let [s, d, e] = await Promise.all([source.next(), destination.next(), entries.next()]);
  try {
    for (;;) {
      const heads: Keyed[] = [];
      if (s.done !== true) heads.push(s.value);
      if (d.done !== true) heads.push(d.value);
      if (e.done !== true) heads.push(e.value);
      const first = heads.reduce<Keyed | undefined>(
        (least, head) => (least === undefined || order(head) < order(least) ? head : least),
        undefined,
      );
      if (first === undefined) return;
      const { key } = first;
      const joined = {
        key,
        source: s.done !== true && s.value.key === key ? s.value : undefined,
        destination: d.done !== true && d.value.key === key ? d.value : undefined,
        entry: e.done !== true && e.value.key === key ? e.value : undefined,
      };
      yield joined;
      if (joined.source !== undefined) s = await source.next();
      if (joined.destination !== undefined) d = await destination.next();
      if (joined.entry !== undefined) e = await entries.next();
    }
  } finally {
    await Promise.all([
      source.return?.(undefined),
      destination.return?.(undefined),
      entries.return(undefined),
    ]);
  }
}

/** Of several items of one key in a row, the last. */
async function* latest<E extends Keyed>(items: AsyncIterable<E>): AsyncGenerator<E> {
  let held: E | undefined;
  for await (const item of items) {
    if (held !== undefined && held.key !== item.key) yield held;
    held = item;
  }
  if (held !== undefined) yield held;
}
