import { z } from 'zod';
import type { RecoveryMarker } from '../../workflows/contracts/marker.ts';
import { type MonitorMemory, type SignalState, signalNames } from '../../workflows/contracts/monitoring.ts';
import { earlierProgress } from '../application/progress.ts';
import { settledRowsSchema, tableCountersSchema } from '../settled-rows-schema.ts';

const reach = z.enum(['application', 'application-platform', 'database', 'database-provider']);

const state = z.object({
  signal: z.enum(signalNames),
  badInARow: z.number(),
  goodInARow: z.number(),
  lastGoodAt: z.string().nullable(),
  badSince: z.string().nullable(),
  trouble: z.boolean(),
  probedAt: z.string().nullable(),
  found: z.string(),
  expected: z.string(),
  unreachable: z.array(reach),
  tellsOnly: z.boolean(),
});

const memory = z.object({
  tables: z.array(
    z.object({
      table: z.string(),
      rows: z.number(),
      settledBefore: z.string(),
      settledRows: z.number(),
      fingerprint: z.string().nullable(),
      wentMissing: z.literal(true).optional(),
      counters: tableCountersSchema.optional(),
    }),
  ),
  unaccounted: z
    .array(settledRowsSchema.extend({ table: z.string(), gone: z.number(), seenAtMs: z.number() }))
    .optional(),
  acceptedAt: z.string().nullable(),
  checksumFailures: z.number().nullable(),
  examination: z.object({ at: z.string(), findings: z.array(z.string()) }).nullable(),
  powers: z.array(z.string()).nullable(),
  advice: z.array(z.string()).nullable(),
  statements: z
    .array(
      z.object({
        id: z.string(),
        role: z.string(),
        calls: z.number(),
        totalMs: z.number(),
        slowAt: z.string().nullable(),
      }),
    )
    .nullable(),
  rowsReturned: z.record(z.string(), z.number()).nullable(),
  healthProbes: z.array(z.object({ at: z.string(), healthy: z.boolean(), latencyMs: z.number() })),
});

const marker = z.object({ sequence: z.number(), writtenAt: z.string(), everyMs: z.number() });

const noted = z.object({
  states: z.array(state),
  memory,
  marker: marker.nullable(),
  changed: z.array(z.enum(signalNames)),
});

/** What a look notes with its heartbeats, for the attempt after it. */
export interface LookProgress {
  readonly states: readonly SignalState[];
  readonly memory: MonitorMemory;
  readonly marker: RecoveryMarker | null;
  /** Turned already, and told to nobody yet. */
  readonly changed: readonly SignalState['signal'][];
}

/** What an earlier attempt of this look noted; undefined when this is the first. */
export function earlierLook(): LookProgress | undefined {
  return earlierProgress(noted);
}
