import { z } from 'zod';
import { createS3ObjectStore } from '../../activities/adapters/s3/index.ts';
import { createCredentialStore, operatorLogins } from '../../activities/credentials/index.ts';
import { backupKeyring } from '../compose-backups.ts';
import { policy } from '../policy.ts';

const variables = z
  .object({
    DR_ENVIRONMENT: z.string().default('production'),
    S3_ENDPOINT: z.url(),
    S3_REGION: z.string().default('us-east-1'),
    S3_BUCKET: z.string(),
    S3_ACCESS_KEY_ID: z.string(),
    S3_SECRET_ACCESS_KEY: z.string(),
    BACKUP_PASSPHRASE: z.string().optional(),
    BACKUP_PASSPHRASE_FILE: z.string().optional(),
  })
  .refine((read) => (read.BACKUP_PASSPHRASE ?? read.BACKUP_PASSPHRASE_FILE) !== undefined);

/** See `sealedLogins`. Throws what reading the sealed store throws. */
export async function* readSealedLogins(
  operatorUrl: string,
  environment: NodeJS.ProcessEnv,
): AsyncIterable<string> {
  const read = variables.safeParse(environment);
  if (!read.success) return;
  const { data } = read;
  const store = createS3ObjectStore({
    endpoint: data.S3_ENDPOINT,
    region: data.S3_REGION,
    bucket: data.S3_BUCKET,
    accessKeyId: data.S3_ACCESS_KEY_ID,
    secretAccessKey: data.S3_SECRET_ACCESS_KEY,
  });
  try {
    const { credentials } = policy.security;
    const keyring = backupKeyring(data);
    const sealed = createCredentialStore({ store, keyring, environment: data.DR_ENVIRONMENT });
    yield* operatorLogins({ operatorUrl, credentials, store: sealed })();
  } finally {
    store.close();
  }
}
