import { z } from 'zod';
import type { Attestation } from '../../workflows/contracts/attestations.ts';

const moment = z.iso.datetime({ offset: true });

/** An attestation as it is stored. */
export const attestationSchema: z.ZodType<Attestation> = z.object({
  formatVersion: z.literal(1),
  item: z.string(),
  environment: z.string(),
  by: z.string(),
  // One that was given before it could be denied holds.
  holds: z.boolean().default(true),
  note: z.string(),
  at: moment,
  validUntil: moment,
  workflowId: z.string(),
  runId: z.string(),
});
