import { Hono } from 'hono';
import { z } from 'zod';
import type { SandboxEnvironment } from '../http/observe.ts';
import type { ApiKeys } from './api-keys.ts';
import type { ProjectDatabase } from './project-database.ts';
import type { SigningKeys } from './signing-keys.ts';

const keyBody = z.object({
  type: z.enum(['publishable', 'secret']),
  name: z
    .string()
    .min(4)
    .max(64)
    .regex(/^[a-z_][a-z0-9_]+$/),
});
const statusBody = z.object({ status: z.enum(['in_use', 'previously_used', 'revoked', 'standby']) });
const privateKey = z.discriminatedUnion('kty', [
  z.strictObject({
    kty: z.literal('EC'),
    crv: z.literal('P-256'),
    kid: z.uuid().optional(),
    x: z.string(),
    y: z.string(),
    d: z.string(),
  }),
  z.strictObject({ kty: z.literal('oct'), kid: z.uuid().optional(), k: z.string().min(16) }),
]);
const signingKeyBody = z.strictObject({
  algorithm: z.string(),
  status: z.enum(['in_use', 'standby']).optional(),
  private_jwk: privateKey.optional(),
});
const passwordBody = z.object({ password: z.string().min(4) });

/** Passwords and keys, below the path of the project. */
export function credentialRoutes(parts: {
  readonly apiKeys: ApiKeys;
  readonly signingKeys: SigningKeys;
  readonly database: ProjectDatabase;
}): Hono<SandboxEnvironment> {
  const { apiKeys, signingKeys, database } = parts;
  const app = new Hono<SandboxEnvironment>();
  const reveal = (text: string | undefined) => text === 'true';

  app.get('/api-keys', (context) => context.json(apiKeys.list(reveal(context.req.query('reveal')))));
  app.post('/api-keys', async (context) => {
    const body = keyBody.safeParse(await context.req.json().catch(() => undefined));
    if (!body.success) return context.json({ message: 'name: must be 4 to 64 of a-z, 0-9 and _' }, 400);
    return context.json(apiKeys.create(body.data.type, body.data.name), 201);
  });
  app.get('/api-keys/legacy', (context) => context.json({ enabled: apiKeys.legacyOn() }));
  app.put('/api-keys/legacy', (context) => {
    const enabled = context.req.query('enabled');
    if (enabled !== 'true' && enabled !== 'false') return context.json({ message: 'enabled: Required' }, 400);
    apiKeys.setLegacy(enabled === 'true');
    return context.json({ enabled: apiKeys.legacyOn() });
  });
  app.delete('/api-keys/:id', (context) => {
    const key = apiKeys.remove(context.req.param('id'));
    return key === undefined ? context.json({ message: 'API key not found' }, 404) : context.json(key);
  });

  const keys = '/config/auth/signing-keys';
  app.get(keys, (context) => context.json({ keys: signingKeys.list() }));
  app.post(keys, async (context) => {
    const body = signingKeyBody.safeParse(await context.req.json().catch(() => undefined));
    if (!body.success) return context.json({ message: 'private_jwk: Invalid input' }, 400);
    const { algorithm, status, private_jwk: jwk } = body.data;
    return context.json(signingKeys.create({ algorithm, status, jwk, kid: jwk?.kid }), 201);
  });
  app.patch(`${keys}/:id`, async (context) => {
    const body = statusBody.safeParse(await context.req.json().catch(() => undefined));
    if (!body.success) return context.json({ message: 'status: Invalid input' }, 400);
    const key = signingKeys.move(context.req.param('id'), body.data.status);
    return key === undefined ? context.json({ message: 'Signing key not found' }, 404) : context.json(key);
  });

  app.patch('/database/password', async (context) => {
    const body = passwordBody.safeParse(await context.req.json().catch(() => undefined));
    if (!body.success) return context.json({ message: 'password: must have at least 4 characters' }, 400);
    await database.setPassword(body.data.password);
    return context.json({ message: 'Successfully updated password' });
  });
  return app;
}
