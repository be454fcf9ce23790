import { Hono } from 'hono';
import type { SandboxEnvironment } from '../http/observe.ts';
import type { ApiKeys } from './api-keys.ts';
import type { ProjectDatabase } from './project-database.ts';
import { Refused } from './refused.ts';
import type { SigningKeys } from './signing-keys.ts';

interface RestEnvironment {
  readonly Bindings: SandboxEnvironment['Bindings'];
  readonly Variables: SandboxEnvironment['Variables'] & { role: string };
}

/**
 * The gateway and PostgREST in small: a live API key gets in, a token beside it must be validly signed, and what is
 * read is read as the role of the two.
 */
export function rest(parts: {
  readonly apiKeys: ApiKeys;
  readonly signingKeys: SigningKeys;
  readonly database: ProjectDatabase;
}): Hono<RestEnvironment> {
  const { apiKeys, signingKeys, database } = parts;
  const app = new Hono<RestEnvironment>();
  const admit = (headers: {
    readonly apiKey: string | undefined;
    readonly authorization: string | undefined;
  }): { readonly role: string } | { readonly refusal: string } => {
    const { apiKey } = headers;
    if (apiKey === undefined) return { refusal: 'No API key found in request' };
    const ofKey = apiKeys.roleOf(apiKey);
    if (ofKey === undefined) return { refusal: 'Invalid API key' };
    const token = headers.authorization?.replace(/^Bearer /, '') ?? apiKey;
    if (token === apiKey) return { role: ofKey };
    const ofToken = signingKeys.roleOf(token);
    return ofToken === undefined ? { refusal: 'JWSError JWSInvalidSignature' } : { role: ofToken };
  };

  app.use('/rest/v1/*', async (context, next) => {
    const admitted = admit({
      apiKey: context.req.header('apikey'),
      authorization: context.req.header('authorization'),
    });
    if ('refusal' in admitted) return context.json({ message: admitted.refusal }, 401);
    context.set('role', admitted.role);
    return next();
  });
  app.get('/rest/v1/', (context) =>
    context.json({ swagger: '2.0', info: { title: 'standard public schema' } }),
  );
  app.get('/rest/v1/:table', async (context) => {
    try {
      return context.json(await database.readTable(context.req.param('table'), context.get('role')));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (error.message.includes(' 42P01:')) return context.json({ message: 'Table not found' }, 404);
      return context.json({ message: error.message }, error.message.includes(' 42501:') ? 403 : 400);
    }
  });
  return app;
}
