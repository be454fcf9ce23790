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

/** `GET /v1/projects/{ref}/database/backups/schedule`. */
export const backupScheduleAnswer = z.object({ schedule_for: z.string() });

/** `GET /v1/projects/{ref}/network-restrictions`, and the answer to applying one. */
export const networkRestrictionsAnswer = z.object({
  entitlement: z.string(),
  config: z.object({
    dbAllowedCidrs: z.array(z.string()).optional(),
    dbAllowedCidrsV6: z.array(z.string()).optional(),
  }),
  status: z.string(),
});

/** One entry of `GET /v1/projects/{ref}/api-keys`, and the answer to making or removing one. */
export const apiKeyAnswer = z.object({
  api_key: z.string().nullish(),
  id: z.string().nullish(),
  type: z.string().nullish(),
  name: z.string(),
});

/** `GET /v1/projects/{ref}/api-keys/legacy`, and the answer to switching them. */
export const legacyApiKeysAnswer = z.object({ enabled: z.boolean() });

/** One entry of `GET /v1/projects/{ref}/config/auth/signing-keys`, and the answer to making or moving one. */
export const signingKeyAnswer = z.object({
  id: z.string(),
  algorithm: z.string(),
  status: z.string(),
  public_jwk: z.unknown().optional(),
  created_at: z.string(),
});

/** `GET /v1/projects/{ref}/config/auth/signing-keys`. */
export const signingKeysAnswer = z.object({ keys: z.array(signingKeyAnswer) });

/** `PATCH /v1/projects/{ref}/database/password`. */
export const passwordAnswer = z.object({ message: z.string() });

/** `GET /v1/projects/{ref}/ssl-enforcement`, and the answer to changing it. */
export const sslEnforcementAnswer = z.object({
  currentConfig: z.object({ database: z.boolean() }),
  appliedSuccessfully: z.boolean(),
});

/** `GET /v1/projects/{ref}/advisors/…`. */
export const advisoriesAnswer = z.object({
  lints: z.array(
    z.object({
      name: z.string(),
      level: z.string(),
      detail: z.string(),
      remediation: z.string(),
      metadata: z.object({ schema: z.string().optional(), name: z.string().optional() }).nullish(),
    }),
  ),
});

/** `GET /v1/projects/{ref}/analytics/endpoints/logs.all`: the columns are those of the query that was sent. */
export const logsAnswer = z.object({
  result: z
    .array(
      z.object({
        timestamp: z.union([z.number(), z.string()]),
        event_message: z.string(),
        error_severity: z.string().nullish(),
        user_name: z.string().nullish(),
        connection_from: z.string().nullish(),
      }),
    )
    .nullish(),
  error: z.union([z.string(), z.object({ message: z.string() })]).nullish(),
});

/** `POST /v1/projects/{ref}/database/query/read-only`. */
export const rowsAnswer = z.array(z.unknown());

/** What the API says when it refuses; mostly undeclared in its schema, but real. */
export const refusalAnswer = z.object({ message: z.string() });
