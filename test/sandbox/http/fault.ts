import { z } from 'zod';

/** What can go wrong with one request. */
export const faultSchema = z.discriminatedUnion('kind', [
  /** The request is held back before the operation runs. */
  z.object({ kind: z.literal('latency'), ms: z.int().min(0).max(600_000) }),
  /** The operation does not run; this is answered instead. */
  z.object({
    kind: z.literal('answer'),
    status: z.int().min(200).max(599),
    headers: z.record(z.string(), z.string()).optional(),
    body: z.string().optional(),
  }),
  /** The connection is cut; the operation does not run. */
  z.object({ kind: z.literal('drop-before') }),
  /** The operation runs; then the connection is cut without an answer. */
  z.object({ kind: z.literal('drop-after') }),
]);

/** See {@link faultSchema}. */
export type Fault = z.infer<typeof faultSchema>;
