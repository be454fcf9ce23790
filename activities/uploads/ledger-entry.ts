import { z } from 'zod';

/** What a ledger remembers of one object, as it is read back from a file. */
export const ledgerEntryShape = z.object({
  key: z.string(),
  bytes: z.number(),
  held: z.string(),
  peer: z.object({ place: z.string(), stamp: z.string() }),
  modifiedMs: z.number(),
  digest: z.string(),
  attributes: z.record(z.string(), z.string()),
});
