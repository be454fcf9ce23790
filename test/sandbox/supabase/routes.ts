import { isIP } from 'node:net';
import { Hono } from 'hono';
import { z } from 'zod';
import type { Faults } from '../http/faults.ts';
import type { SandboxEnvironment } from '../http/observe.ts';
import type { SandboxPostgres } from '../postgres/sandbox-postgres.ts';
import type { NetworkRestrictions } from './network-restrictions.ts';
import type { ProjectPower } from './project-power.ts';
import { type RestoreJob, RestoreRefused } from './restore-job.ts';

/** The one project that a sandbox has. */
interface SandboxProject {
  readonly ref: string;
  readonly name: string;
  readonly region: string;
  /** RFC 3339, UTC. */
  readonly createdAt: string;
}

const serviceNames = z.enum([
  'auth',
  'db',
  'db_postgres_user',
  'pooler',
  'realtime',
  'rest',
  'storage',
  'pg_bouncer',
]);

const cidr = z.string().refine((text) => {
  const [address = '', length = '', ...rest] = text.split('/');
  return rest.length === 0 && isIP(address) !== 0 && /^\d{1,3}$/.test(length);
});
const restrictionsBody = z.object({
  dbAllowedCidrs: z.array(cidr).optional(),
  dbAllowedCidrsV6: z.array(cidr).optional(),
});
const restoreBody = z.object({ recovery_time_target_unix: z.int().min(0) });

/** The parts of the Management API that are spoken, below `/v1/projects/{ref}`. */
export function routes(parts: {
  readonly project: SandboxProject;
  readonly cluster: SandboxPostgres;
  readonly faults: Faults;
  readonly restores: RestoreJob;
  readonly restrictions: NetworkRestrictions;
  readonly power: ProjectPower;
  /** Further routes below the project's path. */
  readonly further: readonly Hono<SandboxEnvironment>[];
}): Hono<SandboxEnvironment> {
  const { project, cluster, faults, restores, restrictions, power } = parts;
  const app = new Hono<SandboxEnvironment>().basePath('/v1/projects/:ref');

  app.use(async (context, next) => {
    const ref = context.req.param('ref') ?? '';
    if (!/^[a-z]{20}$/.test(ref)) {
      return context.json({ message: 'ref: must match pattern ^[a-z]+$ with 20 characters' }, 400);
    }
    return ref === project.ref ? next() : context.json({ message: 'Project not found' }, 404);
  });

  app.get('/', (context) =>
    context.json({
      id: project.ref,
      ref: project.ref,
      organization_id: 'sandbox',
      organization_slug: 'sandbox',
      name: project.name,
      region: project.region,
      created_at: project.createdAt,
      status: power.status() ?? restores.status(),
      database: {
        host: cluster.host,
        version: '18',
        postgres_engine: '18',
        release_channel: 'ga',
      },
    }),
  );

  // Nothing but the database exists here; the services before it can be no healthier than it is.
  app.get('/health', (context) => {
    const asked = z.array(serviceNames).min(1).safeParse(context.req.queries('services'));
    if (!asked.success) return context.json({ message: 'services: Required' }, 400);
    const up = cluster.status() === 'running';
    return context.json(
      asked.data.map((name) => ({
        name,
        healthy: up,
        status: up ? 'ACTIVE_HEALTHY' : 'UNHEALTHY',
        ...(up ? {} : { error: `The database is ${cluster.status()}.` }),
      })),
    );
  });

  app.get('/database/backups', async (context) => {
    const enabled = !faults.isOn('pitr-disabled');
    const window = enabled ? await cluster.restoreWindow() : undefined;
    return context.json({
      region: project.region,
      walg_enabled: true,
      pitr_enabled: enabled,
      backups: cluster.baseBackups().map(({ finishedAt }, index) => ({
        id: index + 1,
        is_physical_backup: true,
        status: 'COMPLETED',
        inserted_at: new Date(finishedAt).toISOString(),
      })),
      physical_backup_data:
        window === undefined
          ? {}
          : {
              earliest_physical_backup_date_unix: window.earliestUnix,
              latest_physical_backup_date_unix: window.latestUnix,
            },
    });
  });

  // Point-in-time recovery ends the daily backups, and with them their schedule.
  app.get('/database/backups/schedule', (context) =>
    faults.isOn('pitr-disabled')
      ? context.json({ schedule_for: '02:00:00', updated_at: project.createdAt })
      : context.json({ message: 'Backup schedule not found' }, 404),
  );

  app.post('/database/backups/restore-pitr', async (context) => {
    const body = restoreBody.safeParse(await context.req.json().catch(() => undefined));
    if (!body.success) return context.json({ message: 'recovery_time_target_unix: must be an integer' }, 400);
    try {
      await restores.accept(body.data.recovery_time_target_unix);
    } catch (error) {
      if (error instanceof RestoreRefused) return context.json({ message: error.message }, 400);
      throw error;
    }
    return context.body(null, 201);
  });

  app.get('/network-restrictions', (context) => context.json(restrictions.state()));

  app.post('/network-restrictions/apply', async (context) => {
    const body = restrictionsBody.safeParse(await context.req.json().catch(() => undefined));
    if (!body.success) return context.json({ message: 'dbAllowedCidrs: must be an array of CIDRs' }, 400);
    const { dbAllowedCidrs, dbAllowedCidrsV6 } = body.data;
    restrictions.apply({
      ...(dbAllowedCidrs === undefined ? {} : { dbAllowedCidrs }),
      ...(dbAllowedCidrsV6 === undefined ? {} : { dbAllowedCidrsV6 }),
    });
    return context.json(restrictions.state(), 201);
  });

  for (const routes of parts.further) app.route('/', routes);
  return app;
}
