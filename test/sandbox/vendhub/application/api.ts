import { Hono } from 'hono';
import type { Pool } from 'pg';
import { describeError, type Log } from './log.ts';
import { recordSale, saleRequest } from './sales.ts';
import type { VersionBehaviour } from './version-behaviour.ts';

const countedTables = ['users', 'products', 'machines', 'sales'] as const;
const listedTables = ['products', 'machines'] as const;

/** VendHub's HTTP interface: `/health` and the JSON API under `/api`. */
export function createApi(pool: Pool, behaviour: VersionBehaviour, log: Log): Hono {
  const api = new Hono();

  api.get('/health', async (context) => {
    try {
      // Nothing can be sold without a price list.
      await pool.query('SELECT * FROM public.products LIMIT 1');
      return context.json({ status: 'ok' });
    } catch (error) {
      return context.json({ status: 'unavailable', reason: describeError(error) }, 503);
    }
  });

  api.use('/api/*', async (context, next) => {
    if (behaviour.beforeRequest() === 'fails') return context.json({ error: 'something went wrong' }, 500);
    return next();
  });

  api.get('/api/version', (context) => context.json({ version: behaviour.version }));

  for (const table of countedTables) {
    api.get(`/api/${table}/count`, async (context) => {
      const { rows } = await pool.query(`SELECT count(*)::int AS count FROM public.${table}`);
      return context.json(rows.at(0));
    });
  }

  for (const table of listedTables) {
    api.get(`/api/${table}`, async (context) => {
      const { rows } = await pool.query(`SELECT * FROM public.${table} ORDER BY id LIMIT 500`);
      return context.json(rows);
    });
  }

  api.post('/api/sales', async (context) => {
    const request = saleRequest.safeParse(await context.req.json().catch(() => undefined));
    if (!request.success) return context.json({ error: 'machineId, productId and userId are needed' }, 400);
    const outcome = await recordSale(pool, request.data);
    if (outcome.kind === 'refused') return context.json({ error: outcome.reason }, 422);
    return context.json(outcome.sale, 201);
  });

  api.onError((error, context) => {
    const reason = describeError(error);
    log('error', 'request failed', { method: context.req.method, path: context.req.path, reason });
    return context.json({ error: 'the database did not answer', reason }, 503);
  });

  return api;
}
