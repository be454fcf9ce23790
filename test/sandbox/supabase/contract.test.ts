import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createSupabasePlatform } from '../../../activities/adapters/supabase/index.ts';
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
    const document = contractShape.parse(JSON.parse(text));
    this.#paths = document.paths;
    addFormats.default(this.#ajv);
    this.#ajv.addSchema(document, 'contract');
  }

  /** What is wrong with an exchange; empty when nothing is. */
  violations(exchange: Exchange): readonly string[] {
    const { method, path, status } = exchange;
    const template = path.replace(/^\/v1\/projects\/[^/]+/, '/v1/projects/{ref}');
    const declared = this.#paths[template]?.[method];
    if (declared === undefined) return [`${method} ${template} is not in the contract`];
    const found: string[] = [];
    for (const parameter of declared.parameters) {
      const ref = path.split('/')[3];
      const asked = exchange.query.getAll(parameter.name);
      const value = parameter.in === 'path' ? ref : asked;
      if (parameter.in === 'query' && asked.length === 0 && !parameter.required) continue;
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
  }, 60_000);
  afterAll(async () => {
    await proxy?.stop();
    await production?.dispose();
  });

  test('every request and every answer of a whole restore is as the document says', async () => {
    const { supabase, cluster } = production;
    const platform = createSupabasePlatform({
      baseUrl: proxy.url,
      projectRef: supabase.projectRef,
      accessToken: supabase.accessToken,
      timeoutMs: 5_000,
    });
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
    await expect.poll(status, { interval: 10, timeout: 20_000 }).toBe('RESTORING');
    await platform.services();
    await expect.poll(status, { timeout: 20_000 }).toBe('ACTIVE_HEALTHY');
    supabase.faults.switchOn('pitr-disabled');
    await platform.recoverability();
    await createSupabasePlatform({
      baseUrl: proxy.url,
      projectRef: supabase.projectRef,
      accessToken: 'sbp_wrong',
      timeoutMs: 5_000,
    })
      .status()
      .catch(() => undefined);

    const asked = new Set(proxy.exchanges.map(({ method, path }) => `${method} ${path.split('/').at(-1)}`));
    expect(asked.size).toBe(6);
    expect(new Set(proxy.exchanges.map((exchange) => exchange.status))).toEqual(
      new Set([200, 201, 400, 401]),
    );
    expect(proxy.exchanges.flatMap((exchange) => contract.violations(exchange))).toEqual([]);
  }, 60_000);

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
