import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { until } from './condition.ts';
import type { RunProgram } from './programs.ts';

const archiveDeadlineMs = 120_000;

/** A commit in the order in which it was written to the WAL. */
export interface WalCommit {
  readonly xid: number;
  /** Commit timestamp in microseconds since the epoch. */
  readonly committedAtMicros: bigint;
}

/** The folder that WAL segments and timeline histories are archived to. */
export class WalArchive {
  readonly #folder: string;
  readonly #runProgram: RunProgram;
  readonly #signal: AbortSignal;
  readonly #newestCommit = new Map<string, bigint | undefined>();

  /** @param signal ends every wait */
  constructor(folder: string, runProgram: RunProgram, signal: AbortSignal) {
    this.#folder = folder;
    this.#runProgram = runProgram;
    this.#signal = signal;
  }

  /** Waits until a file is archived. @throws Error after 30 s */
  async untilArchived(file: string): Promise<void> {
    const look = () => existsSync(join(this.#folder, file)) || undefined;
    await until(`${file} is archived`, archiveDeadlineMs, look, this.#signal);
  }

  /** Commits in one timeline's own segments, in the order of the WAL. */
  async commits(timeline: number): Promise<readonly WalCommit[]> {
    const segments = await this.#segments(timeline);
    const [first] = segments;
    const last = segments.at(-1);
    return first === undefined || last === undefined ? [] : this.#commitsBetween(first, last);
  }

  /** Timestamp of the newest archived commit of a timeline, in microseconds since the epoch. */
  async newestCommitMicros(timeline: number): Promise<bigint | undefined> {
    for (const segment of (await this.#segments(timeline)).reverse()) {
      if (!this.#newestCommit.has(segment)) {
        const commits = await this.#commitsBetween(segment, segment);
        this.#newestCommit.set(segment, commits.at(-1)?.committedAtMicros);
      }
      const newest = this.#newestCommit.get(segment);
      if (newest !== undefined) return newest;
    }
    return undefined;
  }

  async #segments(timeline: number): Promise<string[]> {
    const prefix = timelinePrefix(timeline);
    const names = await readdir(this.#folder);
    return names.filter((name) => /^[0-9A-F]{24}$/.test(name) && name.startsWith(prefix)).sort();
  }

  /** `pg_waldump` ends with an error where a record continues in a segment that is not there: the rest is good. */
  async #commitsBetween(first: string, last: string): Promise<WalCommit[]> {
    const parameters = ['--path', this.#folder, '--rmgr', 'Transaction', first, last];
    const output = await this.#runProgram('pg_waldump', parameters, { partialOutput: true });
    return [...output.matchAll(/tx:\s+(\d+),.*desc: COMMIT (\S+) (\S+?)\.(\d{6}) UTC/g)].map(
      ([, xid, day, time, micros]) => ({
        xid: Number(xid),
        committedAtMicros: BigInt(Date.parse(`${day}T${time}Z`)) * 1000n + BigInt(micros ?? 0),
      }),
    );
  }
}

/** The eight hexadecimal digits that a timeline's file names begin with. */
export function timelinePrefix(timeline: number): string {
  return timeline.toString(16).toUpperCase().padStart(8, '0');
}
