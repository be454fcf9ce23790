import { z } from 'zod';
import {
  type BackupTier,
  type OperationIncident,
  type OperationName,
  type OperationRecord,
  operationWorkflows,
  type ScheduleCounts,
} from '../../workflows/contracts/operations.ts';

const operation = z.custom<OperationName>(
  (name) => typeof name === 'string' && Object.hasOwn(operationWorkflows, name),
);
const tier: z.ZodType<BackupTier | null> = z.enum(['daily', 'recent', 'sql']).nullable();
const moment = z.iso.datetime({ offset: true });

/** An incident as it is stored. */
export const incidentSchema: z.ZodType<OperationIncident> = z.object({
  environment: z.string(),
  operation,
  tier,
  since: moment,
  failures: z.number().int().positive(),
  lastFailure: z.string(),
});

/** One check of an operation, or one criterion of a drill, as its record holds it. */
export const checkSchema = z.object({
  name: z.string(),
  passed: z.boolean(),
  advisory: z.boolean().optional(),
  found: z.string(),
  expected: z.string(),
  measured: z.number().optional(),
});

/** A record of an operation as it is stored, and as a failed operation carries it. */
const recordSchema: z.ZodType<OperationRecord> = z.object({
  formatVersion: z.literal(1),
  environment: z.string(),
  operation,
  tier,
  workflowId: z.string(),
  runId: z.string(),
  startedBy: z.string(),
  startedAt: moment,
  finishedAt: moment,
  outcome: z.enum(['succeeded', 'failed', 'stood-back']),
  summary: z.string(),
  checks: z.array(checkSchema),
  restores: z.array(z.object({ from: z.string(), ms: z.number().nonnegative() })),
  parts: z.array(z.object({ name: z.string(), startedAt: moment, finishedAt: moment })).optional(),
  details: z.array(z.string()).optional(),
  failure: z
    .object({ type: z.string(), happened: z.string(), meaning: z.string(), next: z.string() })
    .nullable(),
});

const count = z.number().int().nonnegative();

/** The counts of all schedules as they are stored. */
export const scheduleCountsSchema: z.ZodType<readonly ScheduleCounts[]> = z.array(
  z.object({ id: z.string(), missedCatchupWindow: count, skippedOverlap: count }),
);

/** Reads a record; undefined for what is none. */
export function parseOperationRecord(value: unknown): OperationRecord | undefined {
  return recordSchema.safeParse(value).data;
}

/** Reads a stored record; undefined for what is not there or is none. */
export function parseStoredRecord(text: string | undefined): OperationRecord | undefined {
  return parseStored(recordSchema, text);
}

/** Reads stored text; undefined for what is not there or cannot be read as this. */
export function parseStored<T>(schema: z.ZodType<T>, text: string | undefined): T | undefined {
  if (text === undefined) return undefined;
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Text to store. */
export function toStored(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
