import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/longest-first.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/leaks.ts',
    pool: 'forks',
    // Each file may run a database, an object store and a Temporal of its own, and waits half of its time: two cores
    // carry three of them.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    // They end only what would never end: a machine may be many times slower than the one that a test was written on.
    testTimeout: 600_000,
    hookTimeout: 300_000,
    teardownTimeout: 60_000,
    expect: { poll: { timeout: 60_000 } },
  },
});
