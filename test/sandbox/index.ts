import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createS3ObjectStore } from '../../activities/adapters/s3/index.ts';
import { locatePostgres, locateSeaweed, locateTemporal } from '../../activities/adapters/toolbox/index.ts';
import { startSandboxFaults } from './drills/index.ts';
import type { Faults } from './http/faults.ts';
import { startSandboxPostgres, temporaryFolderRoot } from './postgres/index.ts';
import type { SandboxPostgres } from './postgres/sandbox-postgres.ts';
import { type SandboxRailway, startSandboxRailway } from './railway/index.ts';
import { type SandboxS3, startSandboxS3 } from './s3/index.ts';
import { type SandboxSmtp, startSandboxSmtp } from './smtp/index.ts';
import { restorePhaseFaults, supabaseFaults } from './supabase/faults.ts';
import { type SandboxSupabase, startSandboxSupabase } from './supabase/index.ts';
import { type SandboxTemporal, startSandboxTemporal } from './temporal/index.ts';
import { connectionUrlFor, provisionVendHub, seeded, uploadsBucket } from './vendhub/index.ts';

/** A production on this machine, in small, with a Temporal beside it. Nothing in it is a mock. */
export interface SandboxProduction {
  readonly folder: string;
  readonly postgres: SandboxPostgres;
  readonly supabase: SandboxSupabase;
  readonly railway: SandboxRailway;
  readonly s3: SandboxS3;
  readonly smtp: SandboxSmtp;
  readonly temporal: SandboxTemporal;
  /** VendHub's database as a superuser, for tests that need to know the truth. */
  readonly superuserUrl: string;
  /** Configuration of a worker and of the `dr` command that point at it. Holds the sandbox's secrets. */
  readonly environment: Readonly<Record<string, string>>;
  /** Ends everything and removes the folder. */
  stop(): Promise<void>;
}

/** How a sandbox differs from the usual one. */
export interface SandboxOptions {
  /** Called with each thing that is being started or fetched. */
  readonly onProgress?: (line: string) => void;
  /** Between the provider's 201 and RESTORING, ms; 500 by default. */
  readonly restoringDelayMs?: number;
  readonly temporalUiPort?: number;
  readonly inboxPort?: number;
}

/** Bucket of reports, safety copies and baselines. */
const evidenceBucket = 'vendhub-dr';

/** Bucket of the second copy of backups. */
const secondBucket = 'vendhub-dr-second';

/** The files that `public.product_images` refers to. */
async function uploadProductImages({
  endpoint,
  region,
  accessKeyId,
  secretAccessKey,
}: SandboxS3): Promise<void> {
  const store = createS3ObjectStore({
    endpoint,
    region,
    accessKeyId,
    secretAccessKey,
    bucket: uploadsBucket,
  });
  try {
    const ids = Array.from({ length: seeded.products }, (_, index) => index + 1);
    await Promise.all(
      ids.map((id) => store.putText(`products/${id}.png`, `image of product ${id}`, 'image/png')),
    );
  } finally {
    store.close();
  }
}

/** Starts a production on free ports, with one base backup taken. What was started is ended when something fails. */
export async function startSandbox(options: SandboxOptions = {}): Promise<SandboxProduction> {
  const onProgress = options.onProgress ?? (() => undefined);
  const [postgresPrograms, weed, temporalProgram] = await Promise.all([
    locatePostgres({ onProgress }),
    locateSeaweed({ onProgress }),
    locateTemporal({ onProgress }),
  ]);
  const folder = await mkdtemp(join(tmpdir(), 'vendhub-sandbox-'));
  const clusterFolder = await mkdtemp(join(await temporaryFolderRoot(), 'vendhub-postgres-'));
  const endings: (() => Promise<unknown>)[] = [
    () => rm(folder, { recursive: true, force: true }),
    () => rm(clusterFolder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 }),
  ];
  const stop = async () => {
    const failures: unknown[] = [];
    for (const end of endings.splice(0).reverse()) {
      await end().catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw failures[0];
  };
  const ending = <T>(thing: T, end: (thing: T) => Promise<unknown>): T => {
    endings.push(() => end(thing));
    return thing;
  };

  try {
    const faults: Faults = supabaseFaults();
    onProgress('starting PostgreSQL, the object store, the mail server and Temporal');
    const [postgres, s3, smtp, temporal] = await Promise.all([
      startSandboxPostgres({
        folder: clusterFolder,
        binFolder: postgresPrograms.path,
        onRestorePhase: restorePhaseFaults(faults),
      }).then((started) => ending(started, (cluster) => cluster.dispose())),
      mkdir(join(folder, 's3'))
        .then(() => startSandboxS3({ folder: join(folder, 's3'), weedProgram: weed.path }))
        .then((started) => ending(started, (server) => server.stop())),
      startSandboxSmtp(options.inboxPort === undefined ? {} : { inboxPort: options.inboxPort }).then(
        (started) => ending(started, (server) => server.stop()),
      ),
      startSandboxTemporal({
        folder,
        program: temporalProgram.path,
        ...(options.temporalUiPort === undefined ? {} : { uiPort: options.temporalUiPort }),
      }).then((started) => ending(started, (server) => server.stop())),
    ]);

    onProgress('creating VendHub: roles, schema, rows');
    const superuserUrl = postgres.connectionString(postgres.superuser, 'postgres');
    const vendHub = await provisionVendHub({
      superuserUrl,
      operatorPassword: randomBytes(18).toString('base64url'),
      applicationPassword: randomBytes(18).toString('base64url'),
    });
    await s3.createBucket(evidenceBucket);
    await s3.createBucket(uploadsBucket);
    await s3.createBucket(secondBucket);
    const applicationConfiguration = join(folder, '.env.production');
    await writeFile(applicationConfiguration, 'PORT=8080\nVENDHUB_VERSION=v2\n', { mode: 0o600 });
    await uploadProductImages(s3);

    onProgress('taking a base backup; starting the application');
    await postgres.takeBaseBackup();
    const supabase = ending(
      await startSandboxSupabase({
        cluster: postgres,
        faults,
        restoringDelayMs: options.restoringDelayMs ?? 500,
        applyDelayMs: 300,
        requestsPerMinute: 6_000,
      }),
      (server) => server.stop(),
    );
    const railway = ending(
      await startSandboxRailway({ variables: { DATABASE_URL: vendHub.applicationUrl } }),
      (platform) => platform.stop(),
    );

    const vendHubUrl = connectionUrlFor(superuserUrl, {
      database: 'vendhub',
      user: postgres.superuser.name,
      password: postgres.superuser.password,
    });
    const drillFaults = ending(
      await startSandboxFaults({ postgres, superuserUrl: vendHubUrl, service: railway.service }),
      (server) => server.stop(),
    );

    return {
      folder,
      postgres,
      supabase,
      railway,
      s3,
      smtp,
      temporal,
      superuserUrl: vendHubUrl,
      environment: {
        DR_ENVIRONMENT: 'sandbox',
        DR_TEMPORAL_UI: temporal.uiUrl,
        TEMPORAL_ADDRESS: temporal.address,
        TEMPORAL_NAMESPACE: 'default',
        DATABASE_URL: vendHub.operatorUrl,
        SUPABASE_API_URL: supabase.url,
        SUPABASE_PROJECT_URL: supabase.url,
        SUPABASE_ACCESS_TOKEN: supabase.accessToken,
        SUPABASE_PROJECT_REF: supabase.projectRef,
        RAILWAY_API_URL: railway.endpoint,
        RAILWAY_TOKEN: railway.token,
        RAILWAY_TOKEN_KIND: 'project',
        RAILWAY_PROJECT_ID: railway.ids.projectId,
        RAILWAY_ENVIRONMENT_ID: railway.ids.environmentId,
        RAILWAY_SERVICE_ID: railway.ids.serviceId,
        APPLICATION_HEALTH_URL: `${railway.applicationUrl}/health`,
        S3_ENDPOINT: s3.endpoint,
        S3_REGION: s3.region,
        S3_BUCKET: evidenceBucket,
        S3_ACCESS_KEY_ID: s3.accessKeyId,
        S3_SECRET_ACCESS_KEY: s3.secretAccessKey,
        BACKUP_FOLDER: join(folder, 'backups'),
        BACKUP_PASSPHRASE: randomBytes(18).toString('base64url'),
        S3_SECOND_ENDPOINT: s3.endpoint,
        S3_SECOND_REGION: s3.region,
        S3_SECOND_BUCKET: secondBucket,
        S3_SECOND_ACCESS_KEY_ID: s3.accessKeyId,
        S3_SECOND_SECRET_ACCESS_KEY: s3.secretAccessKey,
        APPLICATION_CONFIGURATION_FILE: applicationConfiguration,
        SMTP_URL: smtp.url,
        MAIL_FROM: 'VendHub recovery <dr@vendhub.local>',
        DRILL_PROJECT_REF: supabase.projectRef,
        ...drillFaults.environment,
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
