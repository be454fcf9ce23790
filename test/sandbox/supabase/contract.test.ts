import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import {
  createSupabaseCredentials,
  createSupabaseLogs,
  createSupabasePlatform,
  createSupabasePower,
  createSupabaseReadOnlyQueries,
  createSupabaseSecurity,
} from '../../../activities/adapters/supabase/index.ts';
import { newSigningKey } from './new-signing-key.ts';
import { supabaseOperations } from './operations.ts';
import { type SupabaseProduction, startSupabaseProduction } from './production.ts';
import { type Exchange, startRecordingProxy } from './recording-proxy.ts';

const contractFile = fileURLToPath(
  new URL('../../../../shared/contracts/supabase-openapi-dr.json', import.meta.url),
);
const missing = !existsSync(contractFile);
if (missing) console.warn(`Skipped: the provider's contract is not at ${contractFile}.`);

const schemaReference = z.looseObject({});
const content = z.object({ 'application/json': z.object({ schema: schemaReference }) }).optional();
const operation = z.object({
  parameters: z.array(
    z.object({ name: z.string(), in: z.string(), required: z.boolean(), schema: schemaReference }),
  ),
  requestBody: z.object({ content }).optional(),
  responses: z.record(z.string(), z.object({ content })),
});
const contractShape = z.looseObject({ paths: z.record(z.string(), z.record(z.string(), operation)) });

/** Checks what went over the wire against the provider's own OpenAPI document. */
class Contract {
  readonly #ajv = new Ajv({ strict: false, allErrors: true });
  readonly #paths: z.infer<typeof contractShape>['paths'];

  constructor(text: string) {
    // Allowed by OpenAPI 3.0, and unknown to JSON Schema.
    const schemaText = JSON.stringify(JSON.parse(text)).replaceAll('{"nullable":true}', '{}');
    const document = contractShape.parse(JSON.parse(schemaText));
    this.#paths = document.paths;
    addFormats.default(this.#ajv);
    this.#ajv.addSchema(document, 'contract');
  }

  /** The declared path that this one is an instance of; the one with fewer parameters where several are. */
  template(path: string): string | undefined {
    const parts = path.split('/');
    const fits = (template: string) => {
      const wanted = template.split('/');
      return (
        wanted.length === parts.length &&
        wanted.every((part, index) => part.startsWith('{') || part === parts[index])
      );
    };
    return Object.keys(this.#paths)
      .filter(fits)
      .sort((a, b) => a.split('{').length - b.split('{').length)[0];
  }

  /** What is wrong with an exchange; empty when nothing is. */
  violations(exchange: Exchange): readonly string[] {
    const { method, path, status } = exchange;
    const template = this.template(path);
    const declared = template === undefined ? undefined : this.#paths[template]?.[method];
    if (template === undefined || declared === undefined) return [`${method} ${path} is not in the contract`];
    const found: string[] = [];
    for (const parameter of declared.parameters) {
      const asked = exchange.query.getAll(parameter.name);
      if (parameter.in === 'query' && asked.length === 0 && !parameter.required) continue;
      const value =
        parameter.in === 'path'
          ? path.split('/')[template.split('/').indexOf(`{${parameter.name}}`)]
          : asQueryValue(parameter.schema, asked);
      found.push(...this.#check(parameter.name, parameter.schema, value));
    }
    const requestSchema = declared.requestBody?.content?.['application/json'].schema;
    if (requestSchema !== undefined) {
      found.push(...this.#check('request', requestSchema, JSON.parse(exchange.requestBody)));
    }
    // 400 with a message is real, although the document does not declare it.
    if (status === 400)
      return [...found, ...this.#check('400', messageSchema, JSON.parse(exchange.responseBody))];
    const response = declared.responses[status];
    if (response === undefined) return [...found, `status ${status} is not declared`];
    const responseSchema = response.content?.['application/json'].schema;
    if (responseSchema !== undefined) {
      found.push(...this.#check('response', responseSchema, JSON.parse(exchange.responseBody)));
    }
    return found;
  }

  #check(what: string, schema: object, value: unknown): readonly string[] {
    const absolute = JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"contract#/'));
    if (this.#ajv.validate(absolute, value)) return [];
    return [`${what}: ${this.#ajv.errorsText()}`];
  }
}

/** What a query's text stands for, by the schema that it must meet. */
function asQueryValue(schema: object, asked: readonly string[]): unknown {
  const type = 'type' in schema ? schema.type : undefined;
  if (type === 'array') return asked;
  const [text] = asked;
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  return text;
}

const messageSchema = {
  type: 'object',
  properties: { message: { type: 'string' } },
  required: ['message'],
};

describe.skipIf(missing)('server and adapter, held against the provider’s OpenAPI document', () => {
  let production: SupabaseProduction;
  let proxy: Awaited<ReturnType<typeof startRecordingProxy>>;
  let contract: Contract;

  beforeAll(async () => {
    contract = new Contract(readFileSync(contractFile, 'utf8'));
    production = await startSupabaseProduction();
    proxy = await startRecordingProxy(production.supabase.url);
  });
  afterAll(async () => {
    await proxy?.stop();
    await production?.dispose();
  });

  const access = () => ({
    baseUrl: proxy.url,
    projectRef: production.supabase.projectRef,
    accessToken: production.supabase.accessToken,
    timeoutMs: 5_000,
  });

  test('every request and every answer of a whole restore is as the document says', async () => {
    const { supabase, cluster } = production;
    const platform = createSupabasePlatform(access());
    const deadline = new Date(Date.now() + 60_000);
    await platform.identity();
    await platform.services();
    await platform.recoverability();
    await platform.networkRestrictions();
    await platform.restrictNetwork(['127.0.0.1/32']);
    await expect.poll(async () => (await platform.networkRestrictions()).inForce).toBe(true);

    const outside = await platform.requestPointInTimeRestore({ targetUnix: 1, deadline });
    expect(outside.kind).toBe('refused');
    const targetUnix = await production.nextSecond();
    await cluster.archiveNow();
    expect(await platform.requestPointInTimeRestore({ targetUnix, deadline })).toEqual({ kind: 'accepted' });
    const status = async () => (await platform.status()).raw;
    await expect.poll(status, { interval: 10 }).toBe('RESTORING');
    await platform.services();
    await expect.poll(status).toBe('ACTIVE_HEALTHY');
    supabase.faults.switchOn('pitr-disabled');
    await platform.recoverability();
    expect(await platform.dailyBackupTime()).toBe('02:00:00');
    await createSupabasePlatform({ ...access(), accessToken: 'sbp_wrong' })
      .status()
      .catch(() => undefined);

    expect(new Set(proxy.exchanges.map((exchange) => exchange.status))).toEqual(
      new Set([200, 201, 400, 401]),
    );
    expect(proxy.exchanges.flatMap((exchange) => contract.violations(exchange))).toEqual([]);
  });

  test('so is every request and every answer of an exchange of all credentials', async () => {
    const credentials = createSupabaseCredentials(access());
    const { id, secret } = await credentials.issueApiKey({ kind: 'secret', name: 'contract_key' });
    expect(secret).toMatch(/^sb_secret_/);
    await credentials.apiKeys();
    await credentials.revokeApiKey(id, 'a test');
    expect(await credentials.legacyApiKeysEnabled()).toBe(true);
    await credentials.setLegacyApiKeysEnabled(false);
    const [legacy] = await credentials.signingKeys();
    const key = await credentials.addSigningKey(newSigningKey());
    await credentials.useSigningKey(key);
    await credentials.revokeSigningKey(legacy?.id ?? '');
    expect((await credentials.signingKeys()).map(({ status }) => status)).toEqual(['revoked', 'in-use']);
    await credentials.setDatabasePassword(production.operator.password);
    expect(proxy.exchanges.flatMap((exchange) => contract.violations(exchange))).toEqual([]);
  });

  test('so is all that guards, watches and switches the project', async () => {
    const security = createSupabaseSecurity(access());
    await security.sslEnforcement();
    await security.enforceSsl(false);
    expect(await security.advisories('security')).not.toEqual([]);
    await security.advisories('performance');
    const now = new Date();
    const logs = createSupabaseLogs(access());
    await logs.databaseLog({ from: new Date(now.getTime() - 60_000), to: now, limit: 10 });
    const queries = createSupabaseReadOnlyQueries(access());
    expect(await queries.queryReadOnly('SELECT $1::int AS one', [1])).toEqual([{ one: 1 }]);
    await expect(queries.queryReadOnly('CREATE TABLE public.forbidden (id int)')).rejects.toMatchObject({
      type: 'provider-refused',
    });
    const power = createSupabasePower(access());
    const status = async () => (await createSupabasePlatform(access()).status()).raw;
    await power.pause();
    await expect.poll(status).toBe('INACTIVE');
    await power.unpause();
    await expect.poll(status).toBe('ACTIVE_HEALTHY');
    expect(proxy.exchanges.flatMap((exchange) => contract.violations(exchange))).toEqual([]);
  });

  test('every operation that the sandbox knows was asked for in one of these', () => {
    const asked = new Set(production.supabase.calls.all().map(({ operation }) => operation));
    expect(supabaseOperations.filter((name) => !asked.has(name) && name !== 'rest')).toEqual([]);
  });

  test('an answer with a field missing or a request with a text for a number would be found', () => {
    const path = `/v1/projects/${production.supabase.projectRef}`;
    const query = new URLSearchParams();
    const answer = { method: 'get', path, query, requestBody: '', status: 200, responseBody: '{"ref":"x"}' };
    expect(contract.violations(answer)).not.toEqual([]);
    const restore = {
      method: 'post',
      path: `${path}/database/backups/restore-pitr`,
      query,
      requestBody: '{"recovery_time_target_unix":"1"}',
      status: 201,
      responseBody: '',
    };
    expect(contract.violations(restore)).not.toEqual([]);
  });
});
