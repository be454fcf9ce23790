import { type DocumentNode, execute, GraphQLError, Kind, parse, validate } from 'graphql';
import { Hono } from 'hono';
import { z } from 'zod';
import type { CallLog } from '../http/call-log.ts';
import { control } from '../http/control.ts';
import type { Faults } from '../http/faults.ts';
import { type IdentifyCall, markRefused, observe, type SandboxEnvironment } from '../http/observe.ts';
import { schema } from './schema.ts';

const requestBody = z.object({
  query: z.string(),
  variables: z.record(z.string(), z.unknown()).nullish(),
  operationName: z.string().nullish(),
});

/** Railway's endpoint: `POST /graphql/v2`. A refusal is HTTP 200 with `errors`, an invalid document 400. */
export function createGraphqlServer(options: {
  readonly token: string;
  readonly rootValue: unknown;
  readonly calls: CallLog;
  readonly faults: Faults;
}): Hono<SandboxEnvironment> {
  const { token, rootValue, calls, faults } = options;
  const app = new Hono<SandboxEnvironment>();
  app.use(observe({ calls, faults, identify }));
  app.route('/', control({ calls, faults }));

  app.post('/graphql/v2', async (context) => {
    const refuse = (errors: readonly GraphQLError[], status: 200 | 400) => {
      markRefused(context);
      return context.json({ errors: errors.map((error) => error.toJSON()) }, status);
    };
    const given =
      context.req.header('project-access-token') ??
      context.req.header('authorization')?.replace(/^Bearer /i, '');
    if (given !== token) return refuse([new GraphQLError('Not Authorized')], 200);

    const body = requestBody.safeParse(await context.req.json().catch(() => undefined));
    if (!body.success) return refuse([new GraphQLError('The body is no GraphQL request.')], 400);
    const document = parsed(body.data.query);
    if (document instanceof GraphQLError) return refuse([document], 400);
    const invalid = validate(schema, document);
    if (invalid.length > 0) return refuse(invalid, 400);

    const result = await execute({ schema, document, rootValue, variableValues: body.data.variables });
    if (result.errors !== undefined && result.errors.length > 0) markRefused(context);
    return context.json(result);
  });
  return app;
}

/** Fields of an input that hold values of variables. */
const secret: ReadonlySet<string> = new Set(['value', 'variables']);

/** Names a call by the first field that it asks for, such as `deploymentStop`; values of variables stay out of the log. */
const identify: IdentifyCall = ({ method, path, bodyText }) => {
  const unidentified = { operation: `${method} ${path}`, write: false, body: null };
  const body = requestBody.safeParse(parsedJson(bodyText));
  if (!body.success) return unidentified;
  const document = parsed(body.data.query);
  if (document instanceof GraphQLError) return unidentified;
  const definition = document.definitions.find((candidate) => candidate.kind === Kind.OPERATION_DEFINITION);
  const field = definition?.selectionSet.selections.find((selection) => selection.kind === Kind.FIELD);
  if (definition === undefined || field === undefined) return unidentified;
  return {
    operation: field.name.value,
    write: definition.operation === 'mutation',
    body: JSON.stringify(body.data.variables ?? {}, (key, value: unknown) => (secret.has(key) ? '…' : value)),
  };
};

function parsed(query: string): DocumentNode | GraphQLError {
  try {
    return parse(query);
  } catch (error) {
    return error instanceof GraphQLError ? error : new GraphQLError('Syntax error');
  }
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
