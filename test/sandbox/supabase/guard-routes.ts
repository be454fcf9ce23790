import { Hono } from 'hono';
import { z } from 'zod';
import type { SandboxEnvironment } from '../http/observe.ts';
import type { SandboxPostgres } from '../postgres/sandbox-postgres.ts';
import { lints } from './advisors.ts';
import { logLines } from './log-lines.ts';
import type { ProjectDatabase } from './project-database.ts';
import type { ProjectPower } from './project-power.ts';

const sslBody = z.object({ requestedConfig: z.object({ database: z.boolean() }) });
const queryBody = z.object({ query: z.string().min(1), parameters: z.array(z.unknown()).optional() });
const longestSpanMs = 24 * 60 * 60 * 1000;
const minuteMs = 60_000;

/** What guards, watches and switches the project, below its path. */
export function guardRoutes(parts: {
  readonly cluster: SandboxPostgres;
  readonly database: ProjectDatabase;
  readonly power: ProjectPower;
}): Hono<SandboxEnvironment> {
  const { cluster, database, power } = parts;
  const app = new Hono<SandboxEnvironment>();
  const ssl = () => ({ currentConfig: { database: cluster.sslEnforced() }, appliedSuccessfully: true });

  app.get('/ssl-enforcement', (context) => context.json(ssl()));
  app.put('/ssl-enforcement', async (context) => {
    const body = sslBody.safeParse(await context.req.json().catch(() => undefined));
    if (!body.success) return context.json({ message: 'requestedConfig: Required' }, 400);
    await cluster.setSslEnforced(body.data.requestedConfig.database);
    return context.json(ssl());
  });

  app.post('/pause', (context) => {
    power.pause();
    return context.body(null, 200);
  });
  app.post('/restore', (context) => {
    power.unpause();
    return context.body(null, 200);
  });

  app.post('/database/query/read-only', async (context) => {
    const body = queryBody.safeParse(await context.req.json().catch(() => undefined));
    if (!body.success) return context.json({ message: 'query: Required' }, 400);
    return context.json(await database.readOnly(body.data.query, body.data.parameters ?? []), 201);
  });

  app.get('/advisors/security', async (context) =>
    context.json({ lints: await lints({ cluster, database }, 'SECURITY') }),
  );
  app.get('/advisors/performance', async (context) =>
    context.json({ lints: await lints({ cluster, database }, 'PERFORMANCE') }),
  );

  // There is no BigQuery here: of a query only the source and the limit are understood.
  app.get('/analytics/endpoints/logs.all', async (context) => {
    const { sql = '', iso_timestamp_start: start, iso_timestamp_end: end } = context.req.query();
    const toMs = end === undefined ? Date.now() : Date.parse(end);
    const fromMs = start === undefined ? toMs - minuteMs : Date.parse(start);
    if (Number.isNaN(fromMs) || Number.isNaN(toMs) || toMs - fromMs > longestSpanMs) {
      return context.json(
        { message: 'iso_timestamp: The timestamp range must be no more than 24 hours' },
        400,
      );
    }
    if (!/\bfrom postgres_logs\b/.test(sql)) return context.json({ result: [] });
    const limit = Number(/\blimit (\d+)$/.exec(sql)?.[1] ?? 100);
    const span = {
      fromMs: Math.floor(fromMs / minuteMs) * minuteMs,
      toMs: Math.ceil(toMs / minuteMs) * minuteMs,
      limit,
    };
    return context.json({ result: await logLines(cluster.logFile, span) });
  });
  return app;
}
