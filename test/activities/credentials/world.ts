import { createPostgresDatabase } from '../../../activities/adapters/postgres/index.ts';
import { createRailwayPlatform } from '../../../activities/adapters/railway/index.ts';
import {
  createSupabaseApiProbe,
  createSupabaseCredentials,
  createSupabasePlatform,
} from '../../../activities/adapters/supabase/index.ts';
import {
  type CredentialActivities,
  type CredentialDependencies,
  createCredentialActivities,
  createCredentialStore,
  type ObjectStoreKey,
  operatorLogins,
} from '../../../activities/credentials/index.ts';
import type { DeclaredCredential } from '../../../workflows/contracts/credentials.ts';
import { startSandboxRailway } from '../../sandbox/railway/index.ts';
import { startSandboxSupabase } from '../../sandbox/supabase/index.ts';
import { startTestVendHubDatabase } from '../../sandbox/vendhub/test-vendhub.ts';
import { activityEnvironment, inActivity } from '../in-activity.ts';
import { keyringOf, newFolderLocation } from '../vault/world.ts';

/** What VendHub declares, in the order of a rotation. */
export const declared = {
  administrator: {
    id: 'database-administrator',
    kind: 'database-password',
    role: 'postgres',
    issuer: 'platform',
    variables: [],
  },
  application: {
    id: 'database-application',
    kind: 'database-password',
    role: 'vendhub_app',
    issuer: 'database',
    variables: ['DATABASE_URL'],
  },
  serviceKey: {
    id: 'service-key',
    kind: 'api-key',
    access: 'secret',
    name: 'default',
    endsLegacyKeys: true,
    variables: ['SUPABASE_SECRET_KEY'],
  },
  tokens: { id: 'user-tokens', kind: 'jwt-signing-key' },
  cookies: {
    id: 'cookie-secret',
    kind: 'application-variable',
    bytes: 32,
    variables: ['COOKIE_SECRET'],
  },
  objectStore: { id: 'object-store', kind: 's3-key' },
} as const satisfies Record<string, DeclaredCredential>;

/** VendHub on a cluster, a Supabase and a Railway of a test's own, and a worker's adapters over them. */
export async function startCredentialWorld() {
  const { cluster, operatorUrl, applicationUrl } = await startTestVendHubDatabase();
  const railway = await startSandboxRailway({
    variables: {
      DATABASE_URL: applicationUrl,
      COOKIE_SECRET: 'as it was',
      SUPABASE_SECRET_KEY: 'as it was',
    },
  });
  const supabase = await startSandboxSupabase({
    cluster,
    restoringDelayMs: 50,
    applyDelayMs: 50,
    requestsPerMinute: 100_000,
  });
  const { store: objects, remove } = await newFolderLocation();
  const access = {
    baseUrl: supabase.url,
    projectRef: supabase.projectRef,
    accessToken: supabase.accessToken,
    timeoutMs: 5_000,
  };
  const applicationPlatform = createRailwayPlatform({
    endpoint: railway.endpoint,
    token: { kind: 'project', value: railway.token },
    ...railway.ids,
    timeoutMs: 5_000,
  });
  const credentials = Object.values(declared);
  /** The application's variables where production is rebuilt. */
  const standby: {
    inherited: Readonly<Record<string, string>>;
    inForce: Readonly<Record<string, string>> | undefined;
  } = { inherited: { COOKIE_SECRET: 'as it was stolen' }, inForce: undefined };
  const keys = { live: ['first', 'second'] };

  /** A worker as it starts anew: it remembers nothing of an earlier one. */
  const newWorker = (changes: Partial<CredentialDependencies> = {}) => {
    const store = createCredentialStore({ store: objects, keyring: keyringOf(), environment: 'test' });
    const database = createPostgresDatabase({
      connectionString: operatorUrl,
      alternatives: operatorLogins({ operatorUrl, credentials, store }),
    });
    const tryObjectStoreKey = async ({ accessKeyId }: ObjectStoreKey) =>
      keys.live.includes(accessKeyId) ? ('accepted' as const) : ('refused' as const);
    const dependencies: CredentialDependencies = {
      store,
      issuer: createSupabaseCredentials(access),
      database,
      applicationPlatform,
      apiProbe: createSupabaseApiProbe({ projectUrl: supabase.url, timeoutMs: 5_000 }),
      operatorUrl,
      objectStoreKey: { accessKeyId: 'first', secretAccessKey: 'of the first' },
      tryObjectStoreKey,
      standbyVariables: {
        inherited: async () => standby.inherited,
        inForce: async () => standby.inForce,
      },
      timing: { settleMs: 5_000, pollMs: 20 },
      ...changes,
    };
    return {
      dependencies,
      database,
      store,
      activities: asActivities(createCredentialActivities(dependencies)),
    };
  };

  const issuer = createSupabaseCredentials(access);

  return {
    /** What the application's own login meets. */
    applicationLogin: async () => {
      const connectionString = (await applicationPlatform.variable('DATABASE_URL')) ?? '';
      return createPostgresDatabase({ connectionString }).tryLogin(connectionString);
    },
    /** How many secret keys and usable signing keys the platform has. */
    liveAtPlatform: async () => ({
      secretKeys: (await issuer.apiKeys()).filter(({ kind }) => kind === 'secret').length,
      signingKeys: (await issuer.signingKeys()).filter(({ status }) => status !== 'revoked').length,
    }),
    cluster,
    operatorUrl,
    railway,
    supabase,
    objects,
    applicationPlatform,
    platform: createSupabasePlatform(access),
    keys,
    standby,
    newWorker,
    async stop() {
      await supabase.stop();
      await railway.stop();
      await cluster.dispose();
      await remove();
    },
  };
}

/** The same activities, each run inside of an activity's context. */
function asActivities(activities: CredentialActivities): CredentialActivities {
  const run = <T>(work: () => Promise<T>) => inActivity(activityEnvironment(), work);
  return {
    takeCredentialInventory: (credentials) => run(() => activities.takeCredentialInventory(credentials)),
    rotateCredential: (request) => run(() => activities.rotateCredential(request)),
    proveCredential: (credential) => run(() => activities.proveCredential(credential)),
    rotateStandbyCredential: (request) => run(() => activities.rotateStandbyCredential(request)),
    proveStandbyCredential: (credential) => run(() => activities.proveStandbyCredential(credential)),
    restatePasswords: (credentials) => run(() => activities.restatePasswords(credentials)),
  };
}
