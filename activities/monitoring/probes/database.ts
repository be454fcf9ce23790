import type { MonitorMemory, SignalName } from '../../../workflows/contracts/monitoring.ts';
import type { DatabaseSession } from '../../ports.ts';
import type { Look, LookContext, ProbeGroup } from '../look.ts';
import { notKnown, type Reading } from '../reading.ts';
import { probeBulkReads } from './bulk-reads.ts';
import { probeChecksums } from './checksums.ts';
import { probeNetworks } from './sessions.ts';
import { probeSlowQueries } from './slow-queries.ts';
import { probeTables } from './tables.ts';

interface SessionProbe {
  readonly signals: readonly SignalName[];
  look(session: DatabaseSession, context: LookContext): Promise<Look>;
}

/** What costs least comes first: it is known also where reading the tables takes too long. */
const probes: readonly SessionProbe[] = [
  {
    signals: ['unknown-networks'],
    look: async (session, context) => ({ readings: [await probeNetworks(session, context)] }),
  },
  {
    signals: ['bulk-reads'],
    look: async (session, context) => {
      const { reading, rowsReturned } = await probeBulkReads(session, context);
      return { readings: [reading], memory: { rowsReturned } };
    },
  },
  {
    signals: ['slow-queries'],
    look: async (session, context) => {
      const { reading, statements } = await probeSlowQueries(session, context);
      return { readings: [reading], memory: { statements } };
    },
  },
  { signals: ['missing-records', 'inconsistent-data'], look: probeTables },
  // After the tables were read: only who reads a damaged page makes the server count it.
  {
    signals: ['checksum-failures'],
    look: async (session, context) => {
      const { reading, checksumFailures } = await probeChecksums(session, context);
      return { readings: [reading], memory: { checksumFailures } };
    },
  },
];

/** What one session on the database tells; a probe that fails keeps no other from being made. */
export const databaseProbes: ProbeGroup = {
  name: 'database',
  signals: probes.flatMap(({ signals }) => signals),
  duringRecovery: false,
  everyMs: ({ everyMs }) => everyMs.database,
  patienceMs: ({ patienceMs }) => patienceMs.database,
  look: (context) =>
    context.dependencies.database.session(async (session) => {
      const milliseconds = context.monitor.patienceMs.database;
      await session.query(`SET statement_timeout = ${Math.floor(milliseconds)}`);
      let memory: Partial<MonitorMemory> = {};
      const readings: Look['readings'][number][] = [];
      for (const { signals, look } of probes) {
        try {
          const found = await look(session, context);
          readings.push(...found.readings);
          memory = { ...memory, ...found.memory };
        } catch (error) {
          readings.push(...signals.map((signal) => notKnown(signal, error, '')));
        }
      }
      return { readings: worstOfEach(readings), memory };
    }),
};

/** One reading a signal: that a page cannot be read is not made good by a counter that does not know it yet. */
function worstOfEach(readings: readonly Reading[]): readonly Reading[] {
  const order = { bad: 0, unknown: 1, good: 2 } as const;
  const worst = new Map<SignalName, Reading>();
  for (const reading of readings) {
    const other = worst.get(reading.signal);
    if (other === undefined || order[reading.verdict] < order[other.verdict]) {
      worst.set(reading.signal, reading);
    }
  }
  return [...worst.values()];
}
