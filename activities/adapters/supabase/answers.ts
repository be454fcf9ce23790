import { z } from 'zod';

/*
 * The parts of the Management API's answers that are used here. Enumerations are read as text: a word that is new
 * must not break a recovery.
 */

/** `GET /v1/projects/{ref}`. */
export const projectAnswer = z.object({
  ref: z.string(),
  name: z.string(),
  region: z.string(),
  status: z.string(),
});

/** `GET /v1/projects/{ref}/health`. */
export const healthAnswer = z.array(
  z.object({ name: z.string(), status: z.string(), error: z.string().nullish() }),
);

/** `GET /v1/projects/{ref}/database/backups`. */
export const backupsAnswer = z.object({
  pitr_enabled: z.boolean(),
  backups: z.array(z.object({ id: z.int().nullish(), status: z.string(), inserted_at: z.string() })),
  physical_backup_data: z.object({
    earliest_physical_backup_date_unix: z.int().nullish(),
    latest_physical_backup_date_unix: z.int().nullish(),
  }),
});

/** `GET /v1/projects/{ref}/network-restrictions`, and the answer to applying one. */
export const networkRestrictionsAnswer = z.object({
  entitlement: z.string(),
  config: z.object({
    dbAllowedCidrs: z.array(z.string()).optional(),
    dbAllowedCidrsV6: z.array(z.string()).optional(),
  }),
  status: z.string(),
});

/** What the API says when it refuses; mostly undeclared in its schema, but real. */
export const refusalAnswer = z.object({ message: z.string() });
