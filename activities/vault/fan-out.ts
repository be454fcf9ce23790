import { once } from 'node:events';
import { PassThrough, Writable } from 'node:stream';

/** Writes one stream into several, at the pace of the slowest. One that breaks is left behind; the others go on. */
export class FanOut extends Writable {
  readonly branches: readonly PassThrough[];

  /** @param count how many streams */
  constructor(count: number) {
    super();
    this.branches = Array.from({ length: count }, () => new PassThrough());
    // What breaks a branch is told by whoever reads it.
    for (const branch of this.branches) branch.on('error', () => undefined);
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error) => void): void {
    const full = this.#living().filter((branch) => !branch.write(chunk));
    Promise.all(full.map(drained)).then(
      () => done(this.#living().length === 0 ? new NobodyReads() : undefined),
      done,
    );
  }

  override _final(done: (error?: Error) => void): void {
    for (const branch of this.#living()) branch.end();
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    // Without an error a branch that did not end would look as if it had: every reader must fail.
    if (error !== null) for (const branch of this.branches) branch.destroy(error);
    done(error);
  }

  #living(): readonly PassThrough[] {
    return this.branches.filter((branch) => !branch.destroyed);
  }
}

/** Every reader has broken off. */
export class NobodyReads extends Error {
  override readonly name = 'NobodyReads';
}

async function drained(branch: PassThrough): Promise<void> {
  if (branch.destroyed) return;
  const settled = new AbortController();
  const { signal } = settled;
  const first = (['drain', 'close'] as const).map((event) =>
    once(branch, event, { signal }).catch(() => undefined),
  );
  await Promise.race(first);
  settled.abort();
}
