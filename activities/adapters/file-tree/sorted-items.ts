import { createReadStream } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { SortedItems } from '../../uploads/ports.ts';

interface Ordered<T> {
  readonly order: string;
  readonly item: T;
}

/**
 * Sorts a stream: runs of so many items are sorted in memory and written to files, which are then read side by side.
 * Items of equal order keep theirs. A stream that fits in one run makes no file.
 *
 * @param folder takes the files; is removed by `dispose`
 * @param runItems items in memory at once
 */
export async function sortItems<T>(
  items: AsyncIterable<T>,
  options: {
    readonly order: (item: T) => string;
    readonly parse: (stored: unknown) => T;
    readonly folder: string;
    readonly runItems: number;
  },
): Promise<SortedItems<T>> {
  const files: string[] = [];
  let run: Ordered<T>[] = [];
  let count = 0;
  for await (const item of items) {
    run.push({ order: options.order(item), item });
    count += 1;
    if (run.length < options.runItems) continue;
    const path = join(options.folder, String(files.length));
    await mkdir(options.folder, { recursive: true });
    await writeFile(
      path,
      sorted(run)
        .map(({ item: each }) => `${JSON.stringify(each)}\n`)
        .join(''),
    );
    files.push(path);
    run = [];
  }
  const rest = sorted(run);
  return {
    count,
    read: () => {
      if (files.length === 0) return inMemory(rest);
      return merged([...files.map((path) => fromFile(path, options)), ordered(rest)]);
    },
    dispose: () => rm(options.folder, { recursive: true, force: true }),
  };
}

function sorted<T>(run: Ordered<T>[]): Ordered<T>[] {
  return run.sort((a, b) => (a.order < b.order ? -1 : a.order > b.order ? 1 : 0));
}

async function* inMemory<T>(run: readonly Ordered<T>[]): AsyncGenerator<T> {
  for (const { item } of run) yield item;
}

async function* ordered<T>(run: readonly Ordered<T>[]): AsyncGenerator<Ordered<T>> {
  yield* run;
}

async function* fromFile<T>(
  path: string,
  { order, parse }: { order: (item: T) => string; parse: (stored: unknown) => T },
): AsyncGenerator<Ordered<T>> {
  const input = createReadStream(path);
  try {
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      const item = parse(JSON.parse(line));
      yield { order: order(item), item };
    }
  } finally {
    input.destroy();
  }
}

async function* merged<T>(runs: readonly AsyncGenerator<Ordered<T>>[]): AsyncGenerator<T> {
  const heads = await Promise.all(runs.map(async (run) => ({ run, head: await run.next() })));
  try {
    for (;;) {
      let least: { readonly at: number; readonly value: Ordered<T> } | undefined;
      for (const [at, { head }] of heads.entries()) {
        if (head.done === true) continue;
        if (least === undefined || head.value.order < least.value.order) least = { at, value: head.value };
      }
      if (least === undefined) return;
      yield least.value.item;
      const next = heads[least.at];
      if (next !== undefined) next.head = await next.run.next();
    }
  } finally {
    await Promise.all(runs.map((run) => run.return(undefined)));
  }
}
