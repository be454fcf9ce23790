import { randomBytes, randomInt } from 'node:crypto';
import { Hono } from 'hono';
import { CallLog } from '../http/call-log.ts';
import { control } from '../http/control.ts';
import type { Faults } from '../http/faults.ts';
import { observe, type SandboxEnvironment } from '../http/observe.ts';
import { startServer } from '../http/server.ts';
import type { SandboxPostgres } from '../postgres/sandbox-postgres.ts';
import { access } from './access.ts';
import { ApiKeys } from './api-keys.ts';
import { credentialRoutes } from './credential-routes.ts';
import { supabaseFaults } from './faults.ts';
import { guardRoutes } from './guard-routes.ts';
import { NetworkRestrictions } from './network-restrictions.ts';
import { identifySupabaseCall } from './operations.ts';
import { ProjectDatabase } from './project-database.ts';
import { ProjectPower } from './project-power.ts';
import { Refused } from './refused.ts';
import { rest } from './rest.ts';
import { RestoreJob } from './restore-job.ts';
import { routes } from './routes.ts';
import { SigningKeys } from './signing-keys.ts';

/** What a Supabase of the sandbox is made of. */
interface SandboxSupabaseOptions {
  /** The database of its one project; stays the caller's to dispose of, after this server was stopped. */
  readonly cluster: SandboxPostgres;
  /** Made by `supabaseFaults`; given by a caller that also hands them to the cluster (`restorePhaseFaults`). */
  readonly faults?: Faults;
  /** The database that advice, queries and the REST API are about; `vendhub` by default. */
  readonly database?: string;
  /** The role whose password the project's owner sets; `postgres` by default, as at the provider. */
  readonly administrator?: string;
  /** Name of the project; `vendhub-sandbox` by default. */
  readonly projectName?: string;
  /** Between the answer and the first change of the status, in ms; 2 s by default. */
  readonly restoringDelayMs?: number;
  /** How long a network restriction is stored before it is in force, in ms; 1 s by default. */
  readonly applyDelayMs?: number;
  /** As at the provider, 120 by default. */
  readonly requestsPerMinute?: number;
}

/** A running server that speaks the part of the Supabase Management API that a recovery uses. */
export interface SandboxSupabase {
  /** Stands for `https://api.supabase.com`, and for `https://<reference>.supabase.co` with the REST API below it. */
  readonly url: string;
  readonly projectRef: string;
  readonly accessToken: string;
  readonly calls: CallLog;
  readonly faults: Faults;
  /** Clears the faults, ends what is under way, and frees the port. */
  stop(): Promise<void>;
}

function newProjectRef(): string {
  return Array.from({ length: 20 }, () => String.fromCharCode('a'.charCodeAt(0) + randomInt(26))).join('');
}

/** Starts the server on 127.0.0.1 on a free port, with a project and a token of its own. */
export async function startSandboxSupabase(options: SandboxSupabaseOptions): Promise<SandboxSupabase> {
  const { cluster, faults = supabaseFaults() } = options;
  const calls = new CallLog();
  const accessToken = `sbp_${randomBytes(20).toString('hex')}`;
  const project = {
    ref: newProjectRef(),
    name: options.projectName ?? 'vendhub-sandbox',
    region: 'local',
    createdAt: new Date().toISOString(),
  };
  const restores = new RestoreJob({ cluster, faults, restoringDelayMs: options.restoringDelayMs ?? 2_000 });
  const restrictions = new NetworkRestrictions({
    cluster,
    faults,
    applyDelayMs: options.applyDelayMs ?? 1_000,
  });

  const power = new ProjectPower({ cluster, delayMs: options.restoringDelayMs ?? 2_000 });
  const database = new ProjectDatabase({
    cluster,
    database: options.database ?? 'vendhub',
    administrator: options.administrator ?? 'postgres',
  });
  const signingKeys: SigningKeys = new SigningKeys(() => apiKeys.legacyOn());
  const apiKeys = new ApiKeys(signingKeys);

  const app = new Hono<SandboxEnvironment>();
  app.use(observe({ calls, faults, identify: identifySupabaseCall }));
  app.route('/', control({ calls, faults }));
  app.use('/v1/*', access({ accessToken, requestsPerMinute: options.requestsPerMinute ?? 120 }));
  app.route('/', rest({ apiKeys, signingKeys, database }));
  const further = [
    credentialRoutes({ apiKeys, signingKeys, database }),
    guardRoutes({ cluster, database, power }),
  ];
  app.route('/', routes({ project, cluster, faults, restores, restrictions, power, further }));
  app.onError((error, context) => {
    if (error instanceof Refused) return context.json({ message: error.message }, 400);
    return context.json({ message: 'Internal server error' }, 500);
  });
  app.notFound((context) =>
    context.json({ message: `Cannot ${context.req.method} ${context.req.path}` }, 404),
  );
  const server = await startServer(app);

  return {
    url: server.url,
    projectRef: project.ref,
    accessToken,
    calls,
    faults,
    async stop() {
      await server.stop();
      const ended = Promise.all([restores.stop(), restrictions.stop(), power.stop()]);
      faults.clear();
      await ended;
    },
  };
}
