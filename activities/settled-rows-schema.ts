import { z } from 'zod';
import type { SettledRows, TableCounters } from '../workflows/contracts/settled-rows.ts';

/** Counters of a table, as they are stored and as a look notes them. */
export const tableCountersSchema = z.object({
  since: z.string(),
  updated: z.number().int().nonnegative(),
  deleted: z.number().int().nonnegative(),
}) satisfies z.ZodType<TableCounters>;

/** Settled rows of a table with its counters, as they are stored and as a look notes them. */
export const settledRowsSchema = z.object({
  settledBefore: z.string().regex(/^\d+$/),
  settledRows: z.number().int().nonnegative(),
  counters: tableCountersSchema,
}) satisfies z.ZodType<SettledRows>;
