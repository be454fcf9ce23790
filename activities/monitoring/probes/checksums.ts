import { z } from 'zod';
import { flushCounters } from '../../database/flush-counters.ts';
import { count, readRow } from '../../database/rows.ts';
import type { DatabaseSession } from '../../ports.ts';
import type { LookContext } from '../look.ts';
import type { Reading } from '../reading.ts';

/** What is expected of every page, in words. */
export const wholePages =
  'no page that cannot be read, and no row that an index knows and its table does not';
const mostNamed = 3;

const checksums = z.object({ failures: count.nullable(), last: z.string().nullable() });

/**
 * Pages that failed their checksum when somebody read them, and what the last reading of every page found.
 */
export async function probeChecksums(
  session: DatabaseSession,
  { memory }: Pick<LookContext, 'memory'>,
): Promise<{ readonly reading: Reading; readonly checksumFailures: number | null }> {
  await flushCounters(session);
  const { failures, last } = await readRow(
    session,
    checksums,
    `SELECT checksum_failures AS failures, to_char(checksum_last_failure AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS last
       FROM pg_stat_database WHERE datname = current_database()`,
  );
  const known = Math.min(memory.checksumFailures ?? failures ?? 0, failures ?? 0);
  const fresh = (failures ?? 0) - known;
  const findings = memory.examination?.findings ?? [];
  const problems = [
    ...(fresh > 0 ? [`${fresh} pages failed their checksum, the last at ${last}`] : []),
    ...findings,
  ];
  return {
    reading: {
      signal: 'checksum-failures',
      verdict: problems.length > 0 ? 'bad' : 'good',
      found:
        problems.length > 0
          ? `${problems.slice(0, mostNamed).join('; ')}.`
          : `No page failed its checksum${failures === null ? ', of which the server keeps none' : ''}; every page was read last at ${memory.examination?.at ?? 'no time yet'}.`,
      expected: wholePages,
    },
    checksumFailures: known,
  };
}
